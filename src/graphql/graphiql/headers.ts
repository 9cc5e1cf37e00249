/** The headers of the page of GraphiQL, with its content security policy. */

import { fileLinks } from './files.ts';

/**
 * The headers of the page. It runs the two scripts of GraphiQL alone, known by the hash of their content, and no other file
 * of its origin, where a proxy may serve other programs too; it talks to its own origin alone; and it cannot be framed: a
 * frame of another site could make its visitor click the play button.
 * @param imageOrigin where images are, when that is another origin than the page's
 */
export async function graphiqlHeaders(imageOrigin: string | null): Promise<Readonly<Record<string, string>>> {
  const { page, graphiql } = await fileLinks();
  const policy = [
    "default-src 'none'",
    `script-src '${page.integrity}' '${graphiql.integrity}'`,
    // The editor puts its styles into the page.
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: ${imageOrigin ?? ''}`.trimEnd(),
    'font-src data:',
    "connect-src 'self'",
    "worker-src 'self'",
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
