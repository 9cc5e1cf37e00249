/** The headers of the page of GraphiQL, with its content security policy. */
import { scriptHashes } from './page.ts';

/**
 * The headers of the page. It runs its own scripts alone, talks to its own origin alone, and cannot be framed: a frame of
 * another site could make its visitor click the play button.
 * @param imageOrigin where images are, when that is another origin than the page's
 */
export async function graphiqlHeaders(imageOrigin: string | null): Promise<Readonly<Record<string, string>>> {
  const policy = [
    "default-src 'none'",
    `script-src ${(await scriptHashes()).join(' ')}`,
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
