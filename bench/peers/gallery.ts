/**
 * The gallery of the GraphQL peers: the same types and fields as ours, resolved from the same SQLite file with
 * better-sqlite3, as one would write it by hand. Each process serves one peer.
 */
import SQLite from 'better-sqlite3';

export const typeDefs = `
  type Query {
    images(first: Int, after: String): ImageConnection!
  }
  type ImageConnection { edges: [ImageEdge!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type ImageEdge { cursor: String! node: Image! }
  type Image {
    id: ID!
    url: String!
    width: Int!
    height: Int!
    format: String!
    byteSize: Int!
    sha256: String!
    prompt: String
    revisedPrompt: String
    createdAt: String!
  }
`;

interface ImageRow {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly sha256: string;
  readonly prompt: string | null;
  readonly byte_size: number;
  readonly revised_prompt: string | null;
  readonly created_at: string;
}

export interface GalleryContext {
  /** The origin at which the client reached this server. */
  readonly origin: string;
}

/** @param database the file that our server created */
export function openGallery(database: string) {
  const db = new SQLite(database, { readonly: true });
  const page = db.prepare<[string, string, number], ImageRow>(
    'select * from images where principal = ? and id < ? order by id desc limit ?',
  );
  return {
    Query: {
      images(_: unknown, { first, after }: { readonly first?: number; readonly after?: string }) {
        const size = first ?? 20;
        const before = after === undefined ? '~' : Buffer.from(after, 'base64url').toString();
        const rows = page.all('local', before, size + 1);
        const edges = rows.slice(0, size).map((node) => ({ node }));
        return { edges, pageInfo: { hasNextPage: rows.length > size, endCursor: edges.at(-1)?.node.id ?? null } };
      },
    },
    ImageEdge: { cursor: ({ node }: { readonly node: ImageRow }) => Buffer.from(node.id).toString('base64url') },
    Image: {
      id: ({ id }: ImageRow) => Buffer.from(`Image:${id}`).toString('base64'),
      url: ({ id, format }: ImageRow, _: unknown, { origin }: GalleryContext) =>
        `${origin}/images/${id}.${format.toLowerCase()}`,
      byteSize: (row: ImageRow) => row.byte_size,
      revisedPrompt: (row: ImageRow) => row.revised_prompt,
      createdAt: (row: ImageRow) => row.created_at,
    },
  };
}

export function originOf(headers: { readonly host?: string | undefined }): string {
  return `http://${headers.host ?? 'localhost'}`;
}

/** The methods of the process of a peer. */
export type GalleryApi = Readonly<{
  /** Serves the gallery of this file. Returns the URL of its GraphQL endpoint. */
  serve: (database: string) => Promise<string>;
}>;
