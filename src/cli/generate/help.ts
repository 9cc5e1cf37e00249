/** The text of `generate --help`. The README refers to it instead of repeating it. */
export const GENERATE_HELP = `Generates an image and shows the progress.

  npm run generate -- "a gray tabby cat hugging an otter with an orange scarf"
  npm run generate -- "a poster of a fox" --size 1024x1536 --quality high --partials 3
  npm run generate -- "a round logo" --format webp --background transparent --out logos
  npm run generate -- --refine <image id> "now make it snow"

Action
  "<prompt>"             describes the image to generate
  --refine <image id>    change this image instead of generating a new one
  --conversation <id>    continue this conversation
  --watch <call id>      follow an existing call, running or finished

Image options
  --size <w>x<h>         or auto; every model supports 1024x1024, 1536x1024, 1024x1536
  --quality <word>       auto, low, medium, high, xhigh, max
  --complexity <word>    low, medium, high: how much the model plans before it draws
  --format <word>        png, webp, jpeg, gif, svg
  --compression <n>      0 to 100, with webp and jpeg
  --background <word>    auto, transparent, opaque
  --partials <n>         number of partial images, 0 to 3
  --model <name>         the image model
  --frames <n>           frames of a gif, 2 to 16
  --frame-ms <n>         how long each frame of a gif is shown, 10 to 655350 ms
  --svg-model <name>     the language model that writes an svg
  --svg-effort <word>    how much it reasons: none, minimal, low, medium, high, xhigh, max
  --window <word>        soonest, 2h, 8h: how soon the image is needed

Output and server
  --out <dir>            folder for the images; default: pictures/<prompt>-<id>
  --json                 print the result as one JSON object
  --url <url>            the server; default: the one at HOST and PORT, or a new one
  --help                 show this text

A server with authentication needs an API key or token in the environment:
DARKROOM_API_KEY, with the scopes READ and GENERATE.

Exit codes: 0 success, 1 failure, 2 invalid command line or configuration,
130 stopped with Ctrl+C.`;
