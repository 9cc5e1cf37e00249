/** Unexpected errors: the client gets an id, the log has the rest under it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { execute } from '../support/client.ts';
import { DataUris } from '../support/documents.ts';
import type { RunningServer } from '../support/server.ts';
import { eventually, generateToEnd, makeImage, untilForgotten } from './steps.ts';

const FAST = '[sim:duration=0]';

/** Takes the bytes away below a running server, as a broken disk would. */
async function loseBytes({ dataDir }: RunningServer): Promise<void> {
  await rm(join(dataDir, 'blobs'), { recursive: true });
  await untilForgotten();
}

it('an unexpected error is masked with an id, the log has the rest under it, and the server goes on', async () => {
  await using server = await startServerHere();
  const { callId, imageId } = await makeImage(server.url, { prompt: `a boat ${FAST}` });
  await loseBytes(server);
  const { errors = [], data } = await execute(server.url, DataUris, { callId, imageId });
  const [error] = errors;
  expect(error).toMatchObject({
    message: expect.stringMatching(/^Something went wrong on this server\./u),
    extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.stringMatching(/^[0-9a-f-]{36}$/u) },
  });
  const errorId = String(error?.extensions?.['errorId']);
  expect(error?.message).toContain(errorId);
  // What can be answered is answered.
  expect(data?.image).toEqual({ dataUri: null });
  const answer = JSON.stringify(errors);
  expect(answer).not.toContain(server.dataDir);
  expect(answer).not.toMatch(/ENOENT|stack|\.ts/u);
  const line = await eventually('the line in the log', () =>
    server
      .output()
      .split('\n')
      .find((text) => text.includes(errorId)),
  );
  expect(JSON.parse(line)).toMatchObject({ level: 50, errorId, err: { message: expect.any(String) } });
  expect(line).toContain('ENOENT');
});

it('a picture that cannot be stored ends its call as INTERNAL, without a path in the words', async () => {
  await using server = await startServerHere();
  await loseBytes(server);
  const { events } = await generateToEnd(server.url, { prompt: `a boat ${FAST}` });
  expect(events.at(-1)).toMatchObject({ __typename: 'GenerationFailed', failure: { code: 'INTERNAL' } });
  expect(JSON.stringify(events)).not.toContain(server.dataDir);
});
