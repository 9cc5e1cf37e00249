/** GraphiQL, from this server's own files: its page needs no internet. With tabs that are ready to run. */
import type { GraphiQLOptions } from 'graphql-yoga';

const GENERATE = `# 1. Make a picture. The answer comes at once: copy call.id into the next tab.
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
    ... on InvalidInputError { fields { field message } }
  }
}
`;

const WATCH = `# 2. Watch it develop. It completes behind the last event; run it again and it replays.
subscription Watch($callId: ID!, $after: String) {
  generationEvents(callId: $callId, after: $after) {
    __typename
    sequence
    cursor
    ... on PartialImageReceived { partial { index url width height byteSize } }
    ... on ImageCompleted { image { id url width height revisedPrompt } }
    ... on GenerationRetrying { reason retryAt }
    ... on GenerationFailed { failure { code message } }
  }
}
`;

const REFINE = `# 3. Change any picture: copy image.id here, then watch the new call in tab 2.
mutation Refine($input: RefineImageInput!) {
  refineImage(input: $input) {
    ... on RefineImageSuccess {
      call { id status sources { id url } }
    }
    ... on Error { code message }
    ... on InvalidInputError { fields { field message } }
  }
}
`;

const GALLERY = `# 4. Everything so far, the newest first. Hover over a url to see the picture.
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
  /** The newest call and picture, to fill in; null while there is none. */
  readonly callId: string | null;
  readonly imageId: string | null;
}

export function graphiqlOptions({ callId, imageId }: TabIds): GraphiQLOptions {
  const prompt = 'a gray tabby cat hugging an otter with an orange scarf';
  return {
    title: 'Darkroom',
    subscriptionsProtocol: 'WS',
    defaultTabs: [
      tab(GENERATE, { input: { prompt } }),
      tab(WATCH, { callId: callId ?? 'the id of a call, from tab 1' }),
      tab(REFINE, { input: { imageId: imageId ?? 'the id of an image, from tab 2', prompt: 'Now make it snow' } }),
      tab(GALLERY, { first: 12 }),
    ],
  };
}

/** Imported at the first visit: the page is nine megabytes, which a start need not read. */
export async function renderGraphiql(options?: GraphiQLOptions): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(options);
}

function tab(query: string, variables: object) {
  return { query, variables: JSON.stringify(variables, null, 2) };
}
