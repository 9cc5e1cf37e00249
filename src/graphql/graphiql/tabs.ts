/** What GraphiQL opens with: tabs that are ready to run, and a note of what it needs. page.ts is the page itself. */
import { type PageOptions, TITLE } from './page.ts';

const PROMPT = 'a gray tabby cat hugging an otter with an orange scarf';

const GENERATE = `# 1. Make a picture: press play, or Ctrl-Enter.
# The call is accepted at once, its picture comes later:
# open the tab Watch, which has the id of the newest call,
# and press play there.
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
# completed; run it again to replay all events. To watch
# another call, put its id into the variables.
subscription Watch($callId: ID!, $after: String) {
  generationEvents(callId: $callId, after: $after) {
    __typename
    sequence
    cursor
    call {
      status
      warnings { message }
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

const REFINE = `# 3. Change a picture: the newest one, or any other whose
# id, from Watch or from Gallery, is put into the variables.
# Then go back to Watch.
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

const FOLLOW = `# 5. Follow everything of yours as it happens, in every call
# and conversation: press play, then generate in another
# window. Pass the last cursor as \`after\` to go on behind it.
subscription Follow($after: String) {
  viewerEvents(after: $after) {
    __typename
    at
    cursor
    ... on GenerationEvent {
      call { id status prompt }
    }
    ... on ImageCompleted {
      image { id url }
    }
  }
}
`;

const COSTS = `# 6. What it has cost, what the budgets leave, and what the
# next picture would cost.
query Costs($input: EstimateGenerationInput!) {
  viewer {
    cost { amount currency complete }
    budgets { period spent reserved remaining resetsAt }
  }
  estimateGeneration(input: $input) {
    ... on EstimateGenerationSuccess {
      estimate { cost { amount currency } }
    }
    ... on Error { code message }
  }
}
`;

/** The marks that page-script.ts replaces with the newest ids. */
const NEWEST_CALL = '__newest_call__';
const NEWEST_IMAGE = '__newest_image__';

export interface VisitOptions {
  /** The global ids of the newest call and image, which fill the tabs; null while there are none. */
  readonly callId: string | null;
  readonly imageId: string | null;
  /** Whether operations need credentials. The page is opened without them. */
  readonly needsCredentials: boolean;
  /** Whether clients may query the schema. */
  readonly introspection: boolean;
}

export function graphiqlOptions({ callId, imageId, needsCredentials, introspection }: VisitOptions): PageOptions {
  const tabs = [
    tab(GENERATE, { input: { prompt: PROMPT } }),
    tab(WATCH, { callId: NEWEST_CALL }),
    tab(REFINE, { input: { imageId: NEWEST_IMAGE, prompt: 'Now make it snow' } }),
    tab(GALLERY, { first: 12 }),
    tab(FOLLOW, {}),
    tab(COSTS, { input: { prompt: PROMPT } }),
  ];
  // One word each, so that a double-click selects all of it.
  const fill = (variables: string) =>
    variables
      .replace(NEWEST_CALL, callId ?? 'paste_call_id_here')
      .replace(NEWEST_IMAGE, imageId ?? 'paste_image_id_here');
  const note = [
    needsCredentials ? CREDENTIALS_NOTE : '',
    needsCredentials && introspection ? REFETCH_NOTE : '',
    introspection ? '' : INTROSPECTION_NOTE,
  ].filter((part) => part !== '');
  return {
    title: TITLE,
    subscriptionsProtocol: 'WS',
    defaultTabs: tabs.map(({ query, variables }) => ({ query, variables: fill(variables) })),
    templates: tabs.map(({ variables }) => variables),
    needsCredentials,
    ...(!introspection && { schema: null }),
    ...(note.length > 0 && { note: note.join(' ') }),
  };
}

const CREDENTIALS_NOTE =
  'This server needs credentials. Open “Headers” below the query and enter {"authorization": "Bearer <API key or token>"}: ' +
  'they are sent with every operation, and stay in this browser.';
const REFETCH_NOTE = 'Then press “Re-fetch GraphQL schema” for the documentation and for completion.';
const INTROSPECTION_NOTE =
  'Introspection is off, so there is no documentation and no completion; operations work. The operator can turn it on ' +
  '(INTROSPECTION=on).';

function tab(query: string, variables: object) {
  return { query, variables: JSON.stringify(variables, null, 2) };
}
