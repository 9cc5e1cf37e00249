/** Uploads like a client's: one request by the GraphQL multipart request specification. */
import type { Result } from './client.ts';
import { graphql } from './gql/gql.ts';
import type { UploadImageMutation, UploadPurpose } from './gql/graphql.ts';

export const UploadImage = graphql(/* GraphQL */ `
  mutation UploadImage($file: Upload!, $conversationId: ID, $purpose: UploadPurpose, $idempotencyKey: String) {
    uploadImage(
      input: { file: $file, conversationId: $conversationId, purpose: $purpose, idempotencyKey: $idempotencyKey }
    ) {
      __typename
      ... on UploadImageSuccess {
        image {
          id
          url
          width
          height
          format
          byteSize
          sha256
          thumbhash
          origin
          purpose
          prompt
          revisedPrompt
          requested {
            model
          }
          actual {
            model
          }
          call {
            id
          }
          conversation {
            id
            updatedAt
            cover {
              id
            }
          }
          sources {
            id
          }
          refinements {
            edges {
              node {
                id
              }
            }
          }
          lineage {
            id
          }
          createdAt
        }
      }
      ... on Error {
        code
        message
      }
      ... on InvalidInputError {
        fields {
          field
          message
        }
      }
      ... on NotFoundError {
        field
      }
    }
  }
`);

export const Family = graphql(/* GraphQL */ `
  query Family($parent: ID!, $child: ID!) {
    parent: image(id: $parent) {
      refinements {
        edges {
          node {
            id
          }
        }
      }
      conversation {
        id
      }
    }
    child: image(id: $child) {
      sources {
        id
      }
      lineage {
        id
      }
      conversation {
        id
      }
    }
  }
`);

export interface UploadOptions {
  readonly conversationId?: string;
  readonly purpose?: UploadPurpose;
  readonly idempotencyKey?: string;
  /** The type that the client claims. The server must not trust it. */
  readonly name?: string;
  readonly type?: string;
}

/** The three fields of a request that uploads these bytes. */
export function uploadForm(bytes: Uint8Array, options: UploadOptions = {}): FormData {
  const {
    conversationId = null,
    purpose,
    idempotencyKey,
    name = 'picture',
    type = 'application/octet-stream',
  } = options;
  const form = new FormData();
  const operations = { query: String(UploadImage), variables: { file: null, conversationId, purpose, idempotencyKey } };
  form.append('operations', JSON.stringify(operations));
  form.append('map', JSON.stringify({ 0: ['variables.file'] }));
  form.append('0', new Blob([new Uint8Array(bytes)], { type }), name);
  return form;
}

/** Browsers send it only to servers that allow their page: an upload without such a header is refused. */
export const UPLOAD_HEADERS = { 'apollo-require-preflight': 'true' };

/** Uploads bytes. Returns the whole result. */
export async function upload(url: string, bytes: Uint8Array, options: UploadOptions = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: UPLOAD_HEADERS,
    body: uploadForm(bytes, options),
  });
  // Codegen made this type from the document and the schema.
  const { data, errors } = (await response.json()) as Result<UploadImageMutation>;
  if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.uploadImage;
}

/** Uploads an image that must be accepted. */
export async function uploadPicture(url: string, bytes: Uint8Array, options: UploadOptions = {}) {
  const uploaded = await upload(url, bytes, options);
  if (uploaded.__typename !== 'UploadImageSuccess') throw new Error(JSON.stringify(uploaded));
  return uploaded.image;
}
