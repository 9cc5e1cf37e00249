/** The GraphQL examples of the documentation, run as they stand against a server: each succeeds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, type OperationDefinitionNode, parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import type { RunningServer } from '../support/server.ts';
import { type ArchiveClient, archiveClient } from './archive-client.ts';

const ROOT = join(import.meta.dirname, '../..');
const TASKS = ['generate', 'refine', 'upload', 'gallery', 'models', 'costs', 'failures'];
const PAGES = [
  ...['README.md', 'PROTOCOL.md', 'docs/archive.md', 'docs/following.md', 'docs/images.md'],
  ...TASKS.map((name) => `docs/${name}.md`),
];

let server: RunningServer;
let client: ArchiveClient;
beforeAll(async () => {
  server = await startServerHere({ env: { SIMULATOR_DURATION_MS: '0' } });
  client = archiveClient(server.url, 'none');
});
afterAll(() => server[Symbol.asyncDispose]());

function operationsOf(page: string): readonly OperationDefinitionNode[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = [...text.matchAll(/^```graphql\n(?<graphql>.*?)^```$/gmsu)];
  return blocks
    .flatMap(({ groups }) => parse(groups?.['graphql'] ?? '').definitions)
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
}

/** A name for each: its number, its root field. */
const EXAMPLES = PAGES.flatMap((page) =>
  operationsOf(page).map((operation, index) => {
    const [field] = operation.selectionSet.selections;
    return { page, number: index + 1, field: field?.kind === Kind.FIELD ? field.name.value : '', operation };
  }),
);

async function failedCall(): Promise<string> {
  const { call } = await client.run('generateImage', { prompt: 'a kite [sim:no-image]' });
  await client.ended(call.id);
  return call.id;
}

async function openCall(): Promise<string> {
  const { call } = await client.run('generateImage', { prompt: 'a kite [sim:hang]' });
  return call.id;
}

/** Something of each kind that the variables of an example can name. */
async function valuesOf({ variableDefinitions = [] }: OperationDefinitionNode) {
  const [first, second] = [await client.make(), await client.make()];
  const { callId, imageId, conversationId } = first;
  const named = variableDefinitions.map(({ variable: { name } }) => name.value);
  const openCallId = named.includes('openCallId') ? await openCall() : null;
  const failedCallId = named.includes('failedCallId') ? await failedCall() : null;
  await client.run('updateImage', { imageId, favorite: true, tags: ['poster'] });
  const values: Readonly<Record<string, unknown>> = {
    ...{ callId, imageId, conversationId, id: conversationId, imageIds: [imageId, second.imageId] },
    ...{
      product: imageId,
      scene: second.imageId,
      search: 'kite',
      tags: ['poster'],
      after: null,
      prompt: 'a kite',
      failedCallId,
      openCallId,
    },
  };
  return Object.fromEntries(
    variableDefinitions.map(({ variable: { name } }) => {
      if (!(name.value in values)) throw new Error(`no value for the variable $${name.value} of an example`);
      return [name.value, values[name.value]];
    }),
  );
}

describe('GraphQL examples', () => {
  it.each(EXAMPLES)('$page $number: $field', async ({ operation }) => {
    const variables = await valuesOf(operation);
    const query = print(operation);
    const [answer] =
      operation.operation === 'subscription'
        ? await client.follow(query, variables, 1)
        : [await client.send(query, variables)];
    expect(answer.errors).toBeUndefined();
    const results: unknown[] = Object.values(answer.data);
    // An error of a result union has a code. Nothing is null that was asked for by its id.
    for (const result of results) {
      expect(result).not.toBeNull();
      expect(result).not.toHaveProperty('code');
    }
  });

  it('would be noticed when it fails', async () => {
    expect((await client.send('{ nothing }')).errors).toHaveLength(1);
    expect(await client.run('deleteImage', { imageId: 'abc' })).toHaveProperty('code');
  });
});
