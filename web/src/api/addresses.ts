/** Where the server is: beside the page, also below another path in front of a proxy. */

const PAGE = new URL('.', document.baseURI);

export const GRAPHQL_URL = new URL('graphql', PAGE).href;

/** The address of something on the server, such as `export/images.zip`. */
export function serverUrl(path: string): string {
  return new URL(path.replace(/^\//, ''), PAGE).href;
}
