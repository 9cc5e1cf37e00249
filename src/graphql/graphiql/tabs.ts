/** The tabs of GraphiQL, ready to run one after the other: each document says what to do with its answer. */
import type { GraphiQLOptions } from 'graphql-yoga';
import { TITLE } from './page.ts';

const GENERATE = `# 1. Make a picture: press play, or Ctrl-Enter.
# The call is accepted at once, its picture comes later:
# copy call.id (a double-click selects it), open the tab
# Watch and paste it into the variables there.
mutation Generate($input: GenerateImageInput!) {
  generateImage(input: $input) {
    ... on GenerateImageSuccess {
      call {
        id
        status
        conversation { id title }
      }
    }
    ... on Error { code message }
    ... on InvalidInputError {
      fields { field message }
    }
  }
}
`;

const WATCH = `# 2. Watch it develop. Each event replaces the one before
# it and shows the whole call so far. Hover over a url to
# see the picture. The subscription ends when the call is
# completed; run it again to replay all events.
subscription Watch($callId: ID!, $after: String) {
  generationEvents(callId: $callId, after: $after) {
    __typename
    sequence
    cursor
    call {
      status
      partialImages { imageIndex index url }
      images { id url revisedPrompt }
    }
    ... on GenerationRetrying { reason retryAt }
    ... on GenerationFailed {
      failure { code message }
    }
  }
}
`;

const REFINE = `# 3. Change any picture: put its id into the variables,
# from images in Watch or from Gallery. Then go back to
# Watch with the new call.id.
mutation Refine($input: RefineImageInput!) {
  refineImage(input: $input) {
    ... on RefineImageSuccess {
      call {
        id
        status
        sources { id url }
      }
    }
    ... on Error { code message }
    ... on InvalidInputError {
      fields { field message }
    }
  }
}
`;

const GALLERY = `# 4. All pictures, newest first. Hover over a url to see
# the picture; Ctrl-click opens it.
query Gallery($first: Int = 12, $after: String) {
  images(first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges {
      node {
        id
        url
        prompt
        revisedPrompt
        width
        height
        createdAt
        lineage { id url prompt }
      }
    }
  }
  viewer { upstream { kind model } }
}
`;

export interface TabIds {
  /** The global ids of the newest call and image, which fill the tabs; null while there are none. */
  readonly callId: string | null;
  readonly imageId: string | null;
}

export function graphiqlOptions({ callId, imageId }: TabIds): GraphiQLOptions {
  const prompt = 'a gray tabby cat hugging an otter with an orange scarf';
  return {
    title: TITLE,
    subscriptionsProtocol: 'WS',
    defaultTabs: [
      tab(GENERATE, { input: { prompt } }),
      // One word, so that a double-click selects all of it.
      tab(WATCH, { callId: callId ?? 'paste_call_id_here' }),
      tab(REFINE, { input: { imageId: imageId ?? 'paste_image_id_here', prompt: 'Now make it snow' } }),
      tab(GALLERY, { first: 12 }),
    ],
  };
}

function tab(query: string, variables: object) {
  return { query, variables: JSON.stringify(variables, null, 2) };
}
