/** The headers of the page of GraphiQL, with its content security policy. */

/**
 * The headers of the page. It runs scripts of its own origin alone, and GraphiQL's files are the only ones there; it talks
 * to its own origin alone; and it cannot be framed: a frame of another site could make its visitor click the play button.
 * @param imageOrigin where images are, when that is another origin than the page's
 */
export function graphiqlHeaders(imageOrigin: string | null): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
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
