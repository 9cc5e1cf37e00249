/** What runs in the browser, around Yoga's build of GraphiQL. */

export const OPEN_SCRIPT = "openGraphiql(JSON.parse(document.querySelector('#options').textContent))";

export function workersScript(workers: string): string {
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
 * Runs in the browser before GraphiQL. Without it:
 * - the first tab opens without its variables, and the second visit adds an empty tab (GraphiQL looks for a tab with the
 *   query and variables that it stored outside the tabs, and at the first visit it has stored none);
 * - tabs of another GraphiQL on the same origin, such as `localhost:4000`, appear here;
 * - ids that were filled in at the first visit become outdated;
 * - the headers of a tab, which hold the credentials, are not sent over WebSocket, and other tabs do not have them;
 * - nothing says what to do when the server needs credentials, or tells no schema;
 * - pictures are not shown on hover when their URL has a host.
 */
export const PAGE_SCRIPT = `
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
