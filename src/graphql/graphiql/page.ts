/**
 * GraphiQL, served from files of this server, so that its page works without internet. GraphiQL itself is Yoga's build;
 * the page around it is ours, to fix what PAGE_SCRIPT lists.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { GraphiQLOptions } from 'graphql-yoga';
import { OPEN_SCRIPT, PAGE_SCRIPT, workersScript } from './page-script.ts';

export const TITLE = 'Darkroom';

/** Whether Yoga answers with the page, and runs no operation: the same rule as in Yoga, which needs a Request for it. */
export function isPageRequest({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return method === 'GET' && headers.accept?.includes('text/html') === true;
}

/** The options of GraphiQL, and what is ours beside them. */
export interface PageOptions extends GraphiQLOptions {
  /** Keeps GraphiQL from asking for a schema that it will not get, and from showing the refusal as its first result. */
  readonly schema?: null;
  /** A text above GraphiQL. */
  readonly note?: string;
}

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
  const { page } = await openShell();
  const data = JSON.stringify(options).replaceAll('<', '\\u003c');
  const rest = `<script type="application/json" id="options">${data}</script>
<script>${OPEN_SCRIPT}</script>
</body>
</html>
`;
  return Buffer.concat([page, Buffer.from(rest)]);
}

/** The hashes of the scripts of the page, as a content security policy names them. */
export async function scriptHashes(): Promise<readonly string[]> {
  return (await openShell()).scriptHashes;
}

function openShell(): Promise<Shell> {
  shell ??= makeShell();
  return shell;
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
