/** The code that the documentation shows, taken out of the Markdown as it stands: only its addresses are replaced. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** The code block of a file in this language that contains `part`. @throws {Error} when there is not exactly one */
export function snippet(file: string, language: 'ts' | 'graphql', part: string): string {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gmsu)].filter(
    ([, name, code]) => name === language && code?.includes(part),
  );
  const [found, ...others] = blocks;
  if (found?.[2] === undefined || others.length > 0) {
    throw new Error(`${file} has ${blocks.length} ${language} blocks with ${JSON.stringify(part)}, and must have one`);
  }
  return found[2];
}

/** The code with the address of its server replaced. @param host `127.0.0.1:<port>` */
export function reaching(host: string, code: string): string {
  return code
    .replaceAll('ws://127.0.0.1:4000', `ws://${host}`)
    .replaceAll('http://127.0.0.1:4000', `http://${host}`)
    .replaceAll('wss://pictures.example.com', `ws://${host}`)
    .replaceAll('https://pictures.example.com', `http://${host}`);
}

/** The same code with the client of another snippet in place of its own. */
export function withClient(code: string, client: string): string {
  const own =
    /^(?:import \{[^}]*createClient[^}]*\} from '[\w-]+';\n\n)?(?:\/\/.*\n)?const client = createClient\(.*?\);\n/msu;
  if (!own.test(code)) throw new Error(`there is no client in ${code}`);
  return code.replace(own, () => client);
}

export interface DocumentedClient {
  readonly name: string;
  /** TypeScript of a module that reports the events of `after`, or of the call, by calling `report`. */
  code(host: string, given: { readonly callId: string; readonly after: string }): string;
  /** What it reports: the paths of pictures, or the cursors of events. */
  readonly reports: 'pictures' | 'events';
  readonly transport: 'WebSocket' | 'SSE';
}

const WATCH = snippet('README.md', 'graphql', 'generationEvents(callId: $callId, after: $after)');
const WATCH_LOOP = snippet('README.md', 'ts', 'async function watch(');
export const FOLLOW = snippet('docs/following.md', 'graphql', 'subscription Follow');
export const FOLLOW_LOOP = snippet('docs/following.md', 'ts', 'async function* follow(');
export const GALLERY_LOOP = snippet('docs/following.md', 'ts', 'for await (const event of follow(FOLLOW');
const SSE_CLIENT = snippet('docs/following.md', 'ts', "from 'graphql-sse'");
const RESUMABLE = [
  snippet('docs/clients.md', 'ts', '// resumable.ts'),
  // Both are one module here.
  snippet('docs/clients.md', 'ts', '// socket.ts').replace("import { resumable } from './resumable';\n", ''),
].join('\n');
const CLIENT_WITH_KEY = snippet('README.md', 'ts', 'connectionParams:');

const TOKEN = `const freshToken = async () => 'not looked at without authentication';\n`;

const watching =
  (loop: string): DocumentedClient['code'] =>
  (host, { callId }) =>
    `
// A frontend generates it from the document.
type Watch = any;
const WATCH = ${JSON.stringify(WATCH)};
${TOKEN}
${reaching(host, loop)}
await watch(${JSON.stringify(callId)}, report);
report('returned');
`;

/** Ends with the terminal event, which the snippet itself does not: everything of the viewer goes on. */
const following =
  (loop: string): DocumentedClient['code'] =>
  (host, { after }) =>
    `
// A frontend generates it from the document.
type ViewerEvent = any;
const FOLLOW = ${JSON.stringify(FOLLOW)};
${reaching(host, loop)}
for await (const event of follow(FOLLOW, { after: ${JSON.stringify(after)} })) {
  report(event.cursor);
  if (event.__typename === 'GenerationCompleted') break;
}
report('returned');
`;

export const DOCUMENTED_CLIENTS: readonly DocumentedClient[] = [
  { name: 'watch() of the README', code: watching(WATCH_LOOP), reports: 'pictures', transport: 'WebSocket' },
  {
    name: 'watch() of the README with credentials',
    code: watching(withClient(WATCH_LOOP, `import { createClient } from 'graphql-ws';\n${CLIENT_WITH_KEY}`)),
    reports: 'pictures',
    transport: 'WebSocket',
  },
  { name: 'follow() of docs/following.md', code: following(FOLLOW_LOOP), reports: 'events', transport: 'WebSocket' },
  {
    name: 'follow() with graphql-sse',
    code: following(withClient(FOLLOW_LOOP, SSE_CLIENT)),
    reports: 'events',
    transport: 'SSE',
  },
  {
    name: 'the gallery of docs/following.md',
    code: (host, { after }) => `
// A frontend generates it from the document.
type ViewerEvent = any;
const FOLLOW = ${JSON.stringify(FOLLOW)};
const viewer = { cursor: ${JSON.stringify(after)} };
const show = (image: { url: string }) => {
  report(image.url);
  // Long enough for one that comes again.
  setTimeout(() => report('returned'), 1_500);
};
const remove = (id: string) => report(id);
const reload = async () => report('nothing was deleted');
${reaching(host, FOLLOW_LOOP)}
${GALLERY_LOOP}`,
    reports: 'pictures',
    transport: 'WebSocket',
  },
  {
    name: 'resumable() of docs/clients.md',
    code: (host, { after }) => `
${RESUMABLE}
const client = openSocket('http://${host}/graphql');
interface Followed { viewerEvents: { __typename: string; cursor: string } }
client.subscribe<Followed>({ query: ${JSON.stringify(FOLLOW)}, variables: { after: ${JSON.stringify(after)} } }, {
  next({ data }: { data?: Followed | null }) {
    if (!data) return;
    report(data.viewerEvents.cursor);
    if (data.viewerEvents.__typename === 'GenerationCompleted') report('returned');
  },
  error: (error) => report(String(error)),
  complete: () => report('returned'),
});
`,
    reports: 'events',
    transport: 'WebSocket',
  },
];
