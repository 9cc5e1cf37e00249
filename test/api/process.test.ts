/** The server as a process: how it starts, refuses to start, stops, and what it knows again after any end. */
import { once } from 'node:events';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openReader } from '../graphql/readers.ts';
import { data, TRANSPORTS } from '../support/client.ts';
import { ConversationDetails, ImageDetails, NodesById, WhoAmI } from '../support/documents.ts';
import { newDataDir, runMain, startServer } from '../support/server.ts';
import { callDetails, collect, generate, makeImage, watch, watchConversation, watchToEnd } from './steps.ts';
import { createsOf, startDevelopingUpstream, startProcessAt } from './upstreams.ts';

async function withDataDir<T>(work: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = await newDataDir();
  try {
    return await work(dataDir);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

describe('a start', () => {
  it('that finds its port in use ends with 1 and one line that says what to do', () =>
    withDataDir(async (dataDir) => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const address = other.address();
      const port = typeof address === 'object' ? String(address?.port) : '';
      const { code, stdout, stderr } = await runMain([], { PORT: port, DATA_DIR: dataDir });
      other.close();
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(`:${port}: the port is in use.*PORT`)]);
    }));

  it('in a wrong environment ends with 2 and a line for each thing that is wrong', async () => {
    const { code, stdout, stderr } = await runMain([], {
      PORT: 'http',
      HOST: '0.0.0.0',
      CONCURRENCY: '0',
      LOG_LEVEL: 'loud',
      OPENAI_BASE_URL: 'localhost:8080',
      DATABASE_URL: 'postgres://db',
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const lines = stderr.trim().split('\n').slice(1);
    const variables = lines.map((line) => line.trim().split(' ')[0]).toSorted();
    expect(variables).toEqual(['CONCURRENCY', 'DATABASE_URL', 'HOST', 'LOG_LEVEL', 'OPENAI_BASE_URL', 'PORT']);
  });

  it('goes on when what an earlier one left half-written cannot be tidied up', () =>
    withDataDir(async (dataDir) => {
      const temporary = join(dataDir, 'blobs', 'tmp');
      await mkdir(temporary, { recursive: true });
      // Nobody can follow it: to ask for its age is an error.
      await symlink('loop', join(temporary, 'loop'));
      await using server = await startServer({ dataDir });
      const { imageId } = await makeImage(server.url, { prompt: 'a boat [sim:duration=0]' });
      expect(imageId).not.toBe('');
    }));

  it('promise 7: beside a server that runs is refused before it brings the data to another shape', () =>
    withDataDir(async (dataDir) => {
      await using server = await startServer({ dataDir });
      const database = new SQLite(join(dataDir, 'darkroom.sqlite'));
      // As if the second server knew one migration more than the first.
      database.exec('delete from kysely_migration where name = (select max(name) from kysely_migration)');
      const known = database.prepare('select * from kysely_migration').all();
      const { code, stderr } = await runMain([], { PORT: '0', DATA_DIR: dataDir });
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^darkroom: another server \(.+\n$/u),
      });
      expect(database.prepare('select * from kysely_migration').all()).toEqual(known);
      database.close();
      await data(server.url, WhoAmI, {});
    }));

  it('says where the server is and which upstream it has', async () => {
    await using server = await startServer();
    expect(server.output()).toContain(`${server.url}/graphql`);
    expect(server.output()).toContain('simulator');
  });
});

describe('SIGTERM', () => {
  it.each(Object.entries(TRANSPORTS))(
    'ends it with 0 within seconds, with a subscriber over %s attached',
    async (_, over) => {
      await using server = await startServer();
      const { id, conversation } = await generate(server.url, { prompt: 'a boat [sim:duration=0]' });
      await watchToEnd(server.url, id);
      const events = watchConversation(server.url, conversation.id, { over });
      await events.next();
      const ended = (async () => {
        for await (const __ of events);
      })().catch(() => undefined);
      const startedAt = performance.now();
      expect(await server.stop('SIGTERM')).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      await ended;
    },
  );

  it('lets a request that was begun have its answer, so that nobody has to ask twice', async () => {
    await using server = await startServer({ env: { SIMULATOR_DURATION_MS: '0' } });
    const database = new SQLite(join(server.dataDir, 'darkroom.sqlite'));
    // The mutation waits for the database meanwhile.
    database.exec('begin immediate');
    const asked = generate(server.url, { prompt: 'a boat' });
    await delay(300);
    const exited = once(server.process, 'exit');
    server.process.kill('SIGTERM');
    await delay(300);
    database.exec('rollback');
    const { id } = await asked;
    expect(id).not.toBe('');
    expect(await exited).toEqual([0, null]);
    expect(database.prepare('select count(*) as accepted from calls').get()).toEqual({ accepted: 1 });
    database.close();
  });

  it('lets the call that runs come to its end first', () =>
    withDataDir(async (dataDir) => {
      const upstream = await startDevelopingUpstream({ partials: 2, gapMs: () => 40 });
      let callId: string;
      {
        await using server = await startProcessAt(upstream, { dataDir });
        ({ id: callId } = await generate(server.url, { prompt: 'a boat' }));
        await collect(watch(server.url, callId), 2);
        expect(await server.stop('SIGTERM')).toBe(0);
      }
      await using again = await startProcessAt(upstream, { dataDir });
      expect(await callDetails(again.url, callId)).toMatchObject({ status: 'COMPLETED', attempts: 1 });
      expect(createsOf(upstream)).toHaveLength(1);
      await upstream.close();
    }));

  it('begins nothing more from then on, however long it takes until everybody has left', () =>
    withDataDir(async (dataDir) => {
      const { promise: heard, resolve: goOn } = Promise.withResolvers<void>();
      const upstream = await startDevelopingUpstream({
        hold: (type) => (type.endsWith('generating') ? heard : undefined),
      });
      {
        await using server = await startProcessAt(upstream, { dataDir, env: { CONCURRENCY: '1' } });
        using reader = await openReader(server.url);
        const { id } = await generate(server.url, { prompt: 'a boat' });
        await generate(server.url, { prompt: 'a boat that waits' });
        await collect(watch(server.url, id), 2);
        // Nobody hears there that the server goes.
        reader.socket.pause();
        const exited = once(server.process, 'exit');
        server.process.kill('SIGTERM');
        await once(server.process.stdout ?? server.process, 'data');
        goOn();
        expect(await exited).toEqual([0, null]);
      }
      expect(createsOf(upstream)).toHaveLength(1);
      await upstream.close();
    }));

  it('waits no longer than it was told for one that hangs, which ends as OUTCOME_UNKNOWN', () =>
    withDataDir(async (dataDir) => {
      const never = new Promise<void>(() => undefined);
      const upstream = await startDevelopingUpstream({
        hold: (type) => (type.endsWith('generating') ? never : undefined),
      });
      let callId: string;
      {
        await using server = await startProcessAt(upstream, { dataDir, env: { DRAIN_TIMEOUT_MS: '200' } });
        ({ id: callId } = await generate(server.url, { prompt: 'a boat' }));
        await collect(watch(server.url, callId), 2);
        const startedAt = performance.now();
        expect(await server.stop('SIGTERM')).toBe(0);
        expect(performance.now() - startedAt).toBeLessThan(5_000);
      }
      await using again = await startProcessAt(upstream, { dataDir });
      const failure = { code: 'OUTCOME_UNKNOWN', retryable: true };
      expect(await callDetails(again.url, callId)).toMatchObject({ status: 'FAILED', attempts: 1, failure });
      expect(createsOf(upstream)).toHaveLength(1);
      await upstream.close();
    }));

  it('is heard a second time by one that still waits: it ends at once, with 1', async () => {
    const never = new Promise<void>(() => undefined);
    const upstream = await startDevelopingUpstream({ hold: () => never });
    await using server = await startProcessAt(upstream, { env: { DRAIN_TIMEOUT_MS: '60000' } });
    const { id } = await generate(server.url, { prompt: 'a boat' });
    await collect(watch(server.url, id), 2);
    server.process.kill('SIGTERM');
    await once(server.process.stdout ?? server.process, 'data');
    expect(await server.stop('SIGTERM')).toBe(1);
    await upstream.close();
  });
});

describe('a restart on the same data', () => {
  it('keeps everything, and every id stays valid', () =>
    withDataDir(async (dataDir) => {
      const read = async (url: string, made: { callId: string; imageId: string; conversationId: string }) => {
        const answers = [
          await callDetails(url, made.callId),
          await data(url, ImageDetails, { id: made.imageId }),
          await data(url, ConversationDetails, { id: made.conversationId }),
          await data(url, NodesById, { ids: Object.values(made) }),
          await watchToEnd(url, made.callId),
        ];
        // Only the port in the addresses is another one.
        return JSON.parse(JSON.stringify(answers).replaceAll(url, 'origin'));
      };
      let before: object;
      let made: { callId: string; imageId: string; conversationId: string };
      {
        await using server = await startServer({ dataDir });
        const { callId, imageId } = await makeImage(server.url, { prompt: 'a boat [sim:duration=0]' });
        made = { callId, imageId, conversationId: (await callDetails(server.url, callId)).conversation.id };
        before = await read(server.url, made);
        await server.stop();
      }
      await using again = await startServer({ dataDir });
      expect(await read(again.url, made)).toEqual(before);
      const { image } = await data(again.url, ImageDetails, { id: made.imageId });
      expect((await fetch(image?.url ?? '')).status).toBe(200);
    }));
});

describe('a command line that is not understood', () => {
  it('ends with 2 and one line', async () => {
    const { code, stderr } = await runMain(['paint']);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('"paint"')]);
  });
});
