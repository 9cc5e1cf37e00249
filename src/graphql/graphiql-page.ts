/**
 * The page of GraphiQL, served from files of this server, so that it works without internet. GraphiQL itself is Yoga's
 * build; the page around it is ours, to fix what PAGE_SCRIPT lists.
 */
import { createHash } from 'node:crypto';
import { type PageOptions, TITLE } from './graphiql.ts';

interface Shell {
  /** The part of the page that is the same for everybody. */
  readonly page: Buffer;
  /** The hashes of its scripts, as a content security policy names them. */
  readonly scriptHashes: readonly string[];
}

/** Nine megabytes, made at the first visit to keep the start fast. */
let shell: Promise<Shell> | undefined;

/** @returns the page as UTF-8. Nothing in the options can end the script element that holds them. */
export async function renderGraphiql(options: PageOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  shell ??= makeShell();
  const { page } = await shell;
  const data = JSON.stringify(options).replaceAll('<', '\\u003c');
  const rest = `<script type="application/json" id="options">${data}</script>
<script>${OPEN_SCRIPT}</script>
</body>
</html>
`;
  return Buffer.concat([page, Buffer.from(rest)]);
}

/**
 * The headers of the page. It runs its own scripts alone, talks to its own origin alone, and cannot be framed: a frame of
 * another site could make its visitor click the play button.
 * @param imageOrigin where images are, when that is another origin than the page's
 */
export async function graphiqlHeaders(imageOrigin: string | null): Promise<Readonly<Record<string, string>>> {
  shell ??= makeShell();
  const { scriptHashes } = await shell;
  const policy = [
    "default-src 'none'",
    `script-src ${scriptHashes.join(' ')}`,
    // The editor puts its styles into the page.
    "style-src 'unsafe-inline'",
    `img-src 'self' data: ${imageOrigin ?? ''}`.trimEnd(),
    'font-src data:',
    "connect-src 'self'",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
  };
}

async function makeShell(): Promise<Shell> {
  const { css, editorWorkerService, favicon, graphqlWorker, js, jsonWorker } = await import(
    '@graphql-yoga/render-graphiql/graphiql'
  );
  const workers = { editorWorkerService, json: jsonWorker, graphql: graphqlWorker };
  const scripts = [workersScript(JSON.stringify(workers)), js, PAGE_SCRIPT];
  const page = Buffer.from(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${TITLE}</title>
<link rel="icon" href="${favicon}">
<style>${css}${PAGE_STYLE}</style>
</head>
<body id="body" class="no-focus-outline">
<noscript>GraphiQL needs JavaScript. The API at this address does not.</noscript>
<p id="note" hidden></p>
<div id="root">Opening GraphiQL …</div>
${scripts.map((script) => `<script>${script}</script>\n`).join('')}`);
  return { page, scriptHashes: [...scripts, OPEN_SCRIPT].map(hashOf) };
}

function hashOf(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}

const OPEN_SCRIPT = "openGraphiql(JSON.parse(document.querySelector('#options').textContent))";

function workersScript(workers: string): string {
  return `
const workers = ${workers};
for (const [name, source] of Object.entries(workers)) {
  workers[name] = URL.createObjectURL(new Blob([source], { type: 'application/javascript' }));
}
// globalAPI makes the editor available as \`monaco\`, for showPicturesOnHover.
self.MonacoEnvironment = { globalAPI: true, getWorkerUrl: (_, label) => workers[label] };
`;
}

/**
 * GraphiQL's tabs can be dragged. When its fonts load and make the tabs narrower, each tab keeps a wrong offset, which
 * takes effect when the tab gets the focus: it moves away under the mouse, and the first click on it is lost. Dragging
 * works without the offset.
 */
const PAGE_STYLE = `.graphiql-tab { transform: none !important; }
body { display: flex; flex-direction: column; height: 100vh; }
#root { flex: 1; min-height: 0; }
#root .graphiql-container { height: 100%; }
#note { margin: 0; padding: 10px 16px; background: #fff4ce; color: #33280a; font: 14px/1.45 system-ui, sans-serif; }`;

/**
 * Runs in the browser before GraphiQL. Without it:
 * - the first tab opens without its variables, and the second visit adds an empty tab (GraphiQL looks for a tab with the
 *   query and variables that it stored outside the tabs, and at the first visit it has stored none);
 * - tabs of another GraphiQL on the same origin, such as `localhost:4000`, appear here;
 * - ids that were filled in at the first visit become outdated;
 * - the headers of a tab, which hold the credentials, are not sent over WebSocket, and other tabs do not have them;
 * - nothing says what to do when the server needs credentials, or tells no schema;
 * - pictures are not shown on hover when their URL has a host.
 */
const PAGE_SCRIPT = `
function openGraphiql({ note, ...options }) {
  const storage = {
    getItem: (key) => localStorage.getItem('darkroom:' + key),
    setItem: (key, value) => localStorage.setItem('darkroom:' + key, value),
    removeItem: (key) => localStorage.removeItem('darkroom:' + key),
    get length() { return localStorage.length; },
    clear() { for (const key of Object.keys(localStorage)) if (key.startsWith('darkroom:')) localStorage.removeItem(key); },
  };
  prepareTabs(options.defaultTabs ?? [], storage);
  showPicturesOnHover();
  showNote(note);
  YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), { ...options, storage, connectionParams, onTabChange });
}

function showNote(note) {
  const place = document.querySelector('#note');
  place.hidden = note === undefined;
  place.textContent = note ?? '';
}

// GraphiQL has headers for each tab. A tab without any gets those of another one when it is opened: credentials are entered
// once. GraphiQL also calls this while somebody types, who may want to have none.
let openTab;
function onTabChange({ tabs, activeTabIndex }) {
  const { id, headers } = tabs[activeTabIndex];
  if (id === openTab) return;
  openTab = id;
  const known = tabs.find((tab) => tab.headers)?.headers;
  // After GraphiQL has filled the editors of the tab.
  if (!headers && known) setTimeout(() => headersEditor().setValue(known));
}

function headersEditor() {
  return monaco.editor.getModels().find(({ uri }) => uri.path.endsWith('request-headers.json'));
}

// A browser cannot send headers with a WebSocket, so those of the tab are sent when it is opened: as they stand in the
// editor now, because GraphiQL stores them half a second later. Like GraphiQL, it takes comments and trailing commas.
function connectionParams() {
  try {
    const extras = /("(?:[^"\\\\]|\\\\.)*")|\\/\\/.*|\\/\\*[^]*?\\*\\/|,(?=\\s*[}\\]])/g;
    return JSON.parse(headersEditor().getValue().replace(extras, '$1') || '{}');
  } catch {
    return {};
  }
}

// Tabs are kept between visits. A tab that nobody has changed is filled again; a changed tab stays as it is.
function prepareTabs(fresh, storage) {
  const read = (key) => { try { return JSON.parse(storage.getItem(key)); } catch { return null; } };
  const newTab = ({ query, variables = null }) => {
    const name = /^\\s*(?:query|mutation|subscription)\\s+(\\w+)/m.exec(query)?.[1] ?? null;
    const id = Math.random().toString(36).slice(2);
    return { id, title: name ?? '<untitled>', query, variables, headers: null, operationName: name, response: null };
  };
  const kept = read('graphiql:tabState');
  const filled = read('filled') ?? [];
  const tabs = kept?.tabs?.length > 0 ? kept.tabs : fresh.map(newTab);
  let activeTabIndex = tabs[kept?.activeTabIndex] === undefined ? 0 : kept.activeTabIndex;

  // GraphiQL also keeps the query in the address, for sharing. It is in a tab already, or gets a new one.
  const address = new URL(location.href);
  const shared = address.searchParams.get('query');
  if (shared !== null && shared !== tabs[activeTabIndex]?.query) {
    activeTabIndex = tabs.findIndex(({ query }) => query === shared);
    if (activeTabIndex === -1) activeTabIndex = tabs.push(newTab({ query: shared })) - 1;
  }
  address.searchParams.delete('query');
  history.replaceState(null, '', address);

  for (const tab of tabs) {
    const index = filled.findIndex(({ query, variables }) => query === tab.query && variables === tab.variables);
    Object.assign(tab, fresh[index]);
  }
  storage.setItem('filled', JSON.stringify(fresh));
  storage.setItem('graphiql:tabState', JSON.stringify({ tabs, activeTabIndex }));
  for (const part of ['query', 'variables', 'headers']) {
    storage.setItem('graphiql:' + part, tabs[activeTabIndex]?.[part] ?? '');
  }
}

// GraphiQL's own preview reads the URL from the last colon on: it finds none with a port, and a wrong one without.
function showPicturesOnHover() {
  const pictureAt = (model, { lineNumber, column }) => {
    for (const { 0: url, index } of model.getLineContent(lineNumber).matchAll(/https?:[^"\\s]+\\.(?:png|webp|jpe?g|gif|svg)/g)) {
      const [from, to] = [index + 1, index + 1 + url.length];
      if (from <= column && column <= to) {
        return { range: new monaco.Range(lineNumber, from, lineNumber, to), contents: [{ value: '![](' + url + '|height=256)' }] };
      }
    }
    return null;
  };
  const { registerHoverProvider } = monaco.languages;
  registerHoverProvider('json', { provideHover: pictureAt });
  monaco.languages.registerHoverProvider = (language, provider) =>
    registerHoverProvider(language, {
      provideHover: (model, position, ...rest) =>
        pictureAt(model, position) === null ? provider.provideHover(model, position, ...rest) : null,
    });
}
`;
