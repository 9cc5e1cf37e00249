/** The GraphQL documents of the benchmark, as a frontend would send them. */
import { setTimeout as sleep } from 'node:timers/promises';

export const GENERATE = `mutation ($input: GenerateImageInput!) {
  generateImage(input: $input) { __typename ... on GenerateImageSuccess { call { id conversation { id } } } }
}`;

export const REFINE = `mutation ($input: RefineImageInput!) {
  refineImage(input: $input) { __typename ... on RefineImageSuccess { call { id } } }
}`;

const CANCEL = `mutation ($callId: ID!) {
  cancelGeneration(input: { callId: $callId }) { __typename }
}`;

const PLACEHOLDERS = `query ($count: Int!) {
  images(first: $count) { edges { node { thumbhash } } }
}`;

const events = (partial: string) => `subscription ($callId: ID!, $after: String) {
  generationEvents(callId: $callId, after: $after) {
    __typename sequence cursor
    ... on PartialImageReceived { partial { ${partial} } }
    ... on ImageCompleted { image { id url } }
    ... on GenerationFailed { failure { code message } }
  }
}`;

/** What a subscriber requests for a partial image. */
export type Taking = 'event' | 'bytes' | 'dataUri';

/** `event` and `bytes` select the URL; `bytes` then fetches it. */
export const EVENTS: Readonly<Record<Taking, string>> = {
  event: events('index url'),
  bytes: events('index url'),
  dataUri: events('index dataUri'),
};

export interface EventMessage {
  readonly payload: {
    readonly errors?: readonly unknown[];
    readonly data?: {
      readonly generationEvents: {
        readonly __typename: string;
        readonly partial?: { readonly index: number; readonly url?: string; readonly dataUri?: string };
        readonly image?: { readonly id: string };
      };
    };
  };
}

/** Sends a query or mutation and returns its data. */
export async function ask<Data>(url: string, query: string, variables: object): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  // The response to a document of this file. Errors are checked on the next line.
  const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
  if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

interface Accepted {
  readonly call?: { readonly id: string; readonly conversation: { readonly id: string } };
}

/** Starts a call and returns the ids of the call and its conversation. */
export async function generate(url: string, prompt: string): Promise<{ callId: string; conversationId: string }> {
  const { generateImage } = await ask<{ generateImage: Accepted }>(url, GENERATE, { input: { prompt } });
  if (generateImage.call === undefined) throw new Error(JSON.stringify(generateImage));
  return { callId: generateImage.call.id, conversationId: generateImage.call.conversation.id };
}

export async function refine(url: string, imageId: string, prompt: string): Promise<string> {
  const { refineImage } = await ask<{ refineImage: Accepted }>(url, REFINE, { input: { imageId, prompt } });
  if (refineImage.call === undefined) throw new Error(JSON.stringify(refineImage));
  return refineImage.call.id;
}

const PICTURES = `query ($id: ID!) { generationCall(id: $id) { status failure { message } images { url sha256 } } }`;

export interface StoredPicture {
  readonly url: string;
  readonly sha256: string;
}

interface Outcome {
  readonly generationCall: {
    readonly status: string;
    readonly failure: { readonly message: string } | null;
    readonly images: readonly StoredPicture[];
  };
}

const POLL_MS = 10;

/** Resolves with the images of a call when it has completed. */
export async function picturesOf(url: string, callId: string): Promise<readonly StoredPicture[]> {
  for (;;) {
    const { generationCall } = await ask<Outcome>(url, PICTURES, { id: callId });
    if (generationCall.status === 'COMPLETED') return generationCall.images;
    if (generationCall.failure !== null) throw new Error(generationCall.failure.message);
    await sleep(POLL_MS);
  }
}

export async function cancel(url: string, callId: string): Promise<void> {
  const { cancelGeneration } = await ask<{ cancelGeneration: { __typename: string } }>(url, CANCEL, { callId });
  if (cancelGeneration.__typename !== 'CancelGenerationSuccess') throw new Error(JSON.stringify(cancelGeneration));
}

/** Resolves when the server has finished its background work for the newest images. */
export async function placeholders(url: string, count: number): Promise<void> {
  await ask(url, PLACEHOLDERS, { count });
}
