/**
 * The page of GraphiQL. What it loads are files of this server (files.ts), so that it works without internet, and that a
 * browser has nearly all of it from its cache at the next visit. GraphiQL itself is Yoga's build; the page around it is
 * ours, to fix what page-script.ts lists.
 */
import type { IncomingMessage } from 'node:http';
import type { GraphiQLOptions } from 'graphql-yoga';
import { FILES_FOLDER, type FileRole, fileLinks } from './files.ts';

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
  /** For each of the `defaultTabs` its variables, with marks in the place of the newest ids (tabs.ts). */
  readonly templates?: readonly string[];
  /** Whether the page has to wait for credentials before it asks for something of its own accord. */
  readonly needsCredentials?: boolean;
}

/** @returns the page. Nothing in the options can end the script element that holds them. */
export async function renderGraphiql(options: PageOptions = {}): Promise<string> {
  const links = await fileLinks();
  const path = (role: FileRole) => `${FILES_FOLDER}/${links[role].name}`;
  // The browser runs what has the hash of its `integrity`, which the policy of the page must name (headers.ts).
  const script = (role: FileRole) => `<script src="${path(role)}" integrity="${links[role].integrity}" defer></script>`;
  const data = JSON.stringify(options).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${TITLE}</title>
<link rel="icon" href="${path('icon')}">
<link rel="stylesheet" href="${path('styles')}">
${script('page')}
${script('graphiql')}
</head>
<body id="body" class="no-focus-outline">
<noscript>GraphiQL needs JavaScript. The API at this address does not.</noscript>
<p id="note" hidden></p>
<div id="root">Opening GraphiQL …</div>
<script type="application/json" id="options">${data}</script>
</body>
</html>
`;
}
