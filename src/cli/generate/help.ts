/** What `generate --help` says. The README points here instead of repeating it. */
export const GENERATE_HELP = `Makes a picture and shows how it develops.

  npm run generate -- "a gray tabby cat hugging an otter with an orange scarf"
  npm run generate -- "a poster of a fox" --size 1024x1536 --quality high --partials 3
  npm run generate -- "a round logo" --format webp --background transparent --out logos
  npm run generate -- --refine <image id> "now make it snow"

Which picture
  "<prompt>"             what it should show
  --refine <image id>    change this picture instead of making a new one
  --conversation <id>    go on in this conversation
  --watch <call id>      ask for nothing: look at a call that is under way, or was

How it is made
  --size <w>x<h>         or auto; 1024x1024, 1536x1024 and 1024x1536 always work
  --quality <word>       auto, low, medium, high, xhigh, max
  --format <word>        png, webp, jpeg, gif, svg
  --compression <n>      0 to 100, with webp and jpeg
  --background <word>    auto, transparent, opaque
  --partials <n>         how many stages are shown on the way, 0 to 3
  --model <name>         the image model

Where it goes
  --out <dir>            the folder for the pictures; default: pictures/<prompt>-<id>
  --json                 print one JSON object at the end
  --url <url>            the server; default: at HOST and PORT, else one of its own
  --help                 this text

Exit codes: 0 done, 1 failed, 2 not understood, 130 stopped with Ctrl+C.`;
