/** What runs in the browser, around Yoga's build of GraphiQL. */

/** @param workers the files of the editors' workers, which are beside this script */
export function pageScript(workers: Readonly<Record<string, string>>): string {
  return `
const workers = ${JSON.stringify(workers)};
const here = document.currentScript.src;
// globalAPI makes the editor available as \`monaco\`, for showPicturesOnHover.
self.MonacoEnvironment = { globalAPI: true, getWorkerUrl: (_, label) => new URL(workers[label], here).href };
// By then GraphiQL, which comes behind this script, has run.
addEventListener('DOMContentLoaded', () => openGraphiql(JSON.parse(document.querySelector('#options').textContent)));
${PAGE_SCRIPT}`;
}

/**
 * Runs in the browser before GraphiQL. Without it:
 * - the first tab opens without its variables, and the second visit adds an empty tab (GraphiQL looks for a tab with the
 *   query and variables that it stored outside the tabs, and at the first visit it has stored none);
 * - tabs of another GraphiQL on the same origin, such as `localhost:4000`, appear here;
 * - ids that were filled in when the page was opened become outdated, and have to be copied from tab to tab;
 * - the headers of a tab, which hold the credentials, are not sent over WebSocket, and other tabs do not have them;
 * - nothing says what to do when the server needs credentials, or tells no schema;
 * - pictures are not shown on hover when their URL has a host.
 */
const PAGE_SCRIPT = `
function openGraphiql({ note, templates = [], needsCredentials = false, ...options }) {
  const storage = {
    getItem: (key) => localStorage.getItem('darkroom:' + key),
    setItem: (key, value) => localStorage.setItem('darkroom:' + key, value),
    removeItem: (key) => localStorage.removeItem('darkroom:' + key),
    get length() { return localStorage.length; },
    clear() { for (const key of Object.keys(localStorage)) if (key.startsWith('darkroom:')) localStorage.removeItem(key); },
  };
  prepareTabs(options.defaultTabs ?? [], storage);
  const follow = followNewest({ templates, needsCredentials, storage });
  const onTabChange = (state) => {
    fillHeaders(state);
    follow(state);
  };
  showPicturesOnHover();
  showNote(note);
  // For networks that let no WebSocket through.
  if (new URL(location.href).searchParams.get('subscriptions') === 'sse') options.subscriptionsProtocol = 'SSE';
  YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), { ...options, storage, connectionParams, onTabChange });
}

function showNote(note) {
  const place = document.querySelector('#note');
  place.hidden = note === undefined;
  place.textContent = note ?? '';
}

// GraphiQL has headers for each tab. A tab without any gets those of another one when it is opened: credentials are entered
// once. GraphiQL also calls this while somebody types, who may want to have none.
let tabWithHeaders;
function fillHeaders({ tabs, activeTabIndex }) {
  const { id, headers } = tabs[activeTabIndex];
  if (id === tabWithHeaders) return;
  tabWithHeaders = id;
  const known = tabs.find((tab) => tab.headers)?.headers;
  // After GraphiQL has filled the editors of the tab.
  if (!headers && known) setTimeout(() => headersEditor().setValue(known));
}

// GraphiQL shows the open tab in these editors.
function editorOf(file) {
  return monaco.editor.getModels().find(({ uri }) => uri.path.endsWith(file));
}

function headersEditor() {
  return editorOf('request-headers.json');
}

// The tabs that were filled with the newest ids follow them: what this page has just started, and, when a tab is opened or
// the window is used again, what others have started meanwhile. Variables that somebody has changed stay as they are.
function followNewest({ templates, needsCredentials, storage }) {
  const newest = {};
  let open = null;

  function fill() {
    const editor = editorOf('variables.json');
    if (open === null || !editor) return;
    const filled = JSON.parse(storage.getItem('filled'));
    const variables = editor.getValue();
    const index = filled.findIndex((tab) => tab.query === open.query && tab.variables === variables);
    if (index === -1 || !templates[index]) return;
    let current = templates[index];
    for (const [mark, id] of Object.entries(newest)) current = current.replaceAll(mark, id);
    // An id that is not known yet.
    if (current === variables || current.includes('__newest_')) return;
    filled[index].variables = current;
    storage.setItem('filled', JSON.stringify(filled));
    editor.setValue(current);
  }

  async function ask() {
    const query = '{ generationCalls(first: 1) { edges { node { id } } } images(first: 1) { edges { node { id } } } }';
    const credentials = connectionParams();
    if (needsCredentials && Object.keys(credentials).length === 0) return;
    const headers = { ...credentials, 'content-type': 'application/json' };
    const response = await send('graphql', { method: 'POST', headers, body: JSON.stringify({ query }) });
    const { data } = await response.json();
    const idOf = (connection) => connection?.edges[0]?.node.id;
    learn('__newest_call__', idOf(data?.generationCalls));
    learn('__newest_image__', idOf(data?.images));
  }

  function learn(mark, id) {
    if (id === undefined || newest[mark] === id) return;
    newest[mark] = id;
    fill();
  }

  // GraphiQL sends its requests with the fetch of the window.
  const send = window.fetch.bind(window);
  window.fetch = async (...request) => {
    const response = await send(...request);
    if (/json/.test(response.headers.get('content-type'))) void learnFrom(response.clone()).catch(() => undefined);
    return response;
  };

  async function learnFrom(answer) {
    const { data } = await answer.json();
    for (const [field, result] of Object.entries(data ?? {})) {
      if (/^(?:generate|refine|retry)/.test(field)) learn('__newest_call__', result?.call?.id);
    }
  }

  addEventListener('focus', () => void ask().catch(() => undefined));

  return ({ tabs, activeTabIndex }) => {
    const { id, query } = tabs[activeTabIndex];
    const isOther = open?.id !== id;
    open = { id, query };
    if (!isOther) return;
    // After GraphiQL has filled the editors of the tab.
    setTimeout(fill);
    void ask().catch(() => undefined);
  };
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
