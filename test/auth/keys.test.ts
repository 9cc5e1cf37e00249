/** API keys in memory: how often the database is asked, and what happens while it cannot be. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiKeyStore } from '../../src/auth/api-key-store.ts';
import { AuthenticationUnavailableError } from '../../src/auth/authenticate.ts';
import { ApiKeys } from '../../src/auth/drivers/keys/api-keys.ts';
import { type ApiKeyCommands, createApiKeyCommands } from '../../src/commands/api-keys.ts';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { allApiKeys, apiKeysChangedSince, findApiKeys, setApiKeysUsed } from '../../src/db/queries/api-keys.ts';
import { ALL_SCOPES, SCOPES } from '../../src/domain/access/scope.ts';
import { describeBearerDriver } from '../contract/bearer-driver.ts';
import { newDataDir } from '../support/server.ts';

interface Opened extends AsyncDisposable {
  readonly db: Database;
  readonly keys: ApiKeys;
  readonly commands: ApiKeyCommands;
  /** Of the store: how often it was asked. */
  readonly asked: { find: number; changedSince: number; markUsed: number };
  /** When set, the database cannot be asked. */
  failure: Error | null;
  nowMs: number;
}

const logger = pino({ level: 'silent' });

async function open(): Promise<Opened> {
  const dataDir = await newDataDir();
  const db = await openSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 1_000 });
  const asked = { find: 0, changedSince: 0, markUsed: 0 };
  const count =
    <Args extends unknown[], Result>(name: keyof typeof asked, ask: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      asked[name] += 1;
      if (opened.failure !== null) throw opened.failure;
      return ask(...args);
    };
  const store: ApiKeyStore = {
    find: count('find', (ids: readonly string[]) => findApiKeys(db, ids)),
    changedSince: count('changedSince', (at: string) => apiKeysChangedSince(db, at)),
    markUsed: count('markUsed', (ids: readonly string[], at: string) => setApiKeysUsed(db, ids, at)),
  };
  const nowMs = () => opened.nowMs;
  const keys = new ApiKeys({ store, nowMs, logger });
  const opened: Opened = {
    db,
    keys,
    commands: createApiKeyCommands({ db, nowMs, randomBytes }),
    asked,
    failure: null,
    nowMs: Date.now(),
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  await keys.refresh();
  return opened;
}

const create = ({ commands }: Opened, principal = 'anna', expiresAt: string | null = null) =>
  commands.create({ principal, name: null, scopes: SCOPES, expiresAt }, ALL_SCOPES);

const randomToken = () => `dk_${randomBytes(6).toString('hex')}_${randomBytes(32).toString('base64url')}`;

describeBearerDriver('API keys', async () => {
  const opened = await open();
  return {
    driver: opened.keys.driver,
    wrong: [randomToken(), `dk_${'a'.repeat(12)}_${'-'.repeat(43)}`],
    async issue(principal) {
      const { token, apiKey } = await create(opened, principal);
      return {
        token,
        async end() {
          await opened.commands.revoke(apiKey.id);
          await opened.keys.refresh();
        },
      };
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
});

describe('API keys', () => {
  let opened: Opened;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened[Symbol.asyncDispose]());

  it('are read once, however many requests use them', async () => {
    const { token } = await create(opened);
    for (let request = 0; request < 100; request += 1) await opened.keys.driver(token);
    expect(opened.asked.find).toBe(1);
  });

  it('that do not exist are looked up together, and one that comes again is not', async () => {
    const tokens = Array.from({ length: 90 }, randomToken);
    await Promise.allSettled(tokens.map((token) => opened.keys.driver(token)));
    expect(opened.asked.find).toBe(1);
    await Promise.allSettled(tokens.map((token) => opened.keys.driver(token)));
    expect(opened.asked.find).toBe(1);
  });

  it('work in the moment that they exist, also after a wrong attempt', async () => {
    const wrong = randomToken();
    await expect(opened.keys.driver(wrong)).rejects.toThrow('unknown');
    const { token } = await create(opened);
    expect((await opened.keys.driver(token))?.id).toBe('anna');
  });

  it('end when they expire, to the millisecond', async () => {
    const end = opened.nowMs + 60_000;
    const { token } = await create(opened, 'anna', new Date(end).toISOString());
    const onEnd = vi.fn();
    (await opened.keys.driver(token))?.watchEnd(onEnd);
    await opened.keys.refresh();
    opened.nowMs = end - 1;
    await opened.keys.refresh();
    expect((await opened.keys.driver(token))?.id).toBe('anna');
    expect(onEnd).not.toHaveBeenCalled();
    opened.nowMs = end;
    await expect(opened.keys.driver(token)).rejects.toThrow('expired');
    await opened.keys.refresh();
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('have two secrets while they are rotated, and end one by one', async () => {
    const { token, apiKey } = await create(opened);
    const ends = { old: vi.fn(), new: vi.fn() };
    (await opened.keys.driver(token))?.watchEnd(ends.old);
    const rotated = await opened.commands.rotate(apiKey.id, 30_000);
    await opened.keys.refresh();
    (await opened.keys.driver(rotated.token))?.watchEnd(ends.new);
    expect((await opened.keys.driver(token))?.id).toBe('anna');
    opened.nowMs += 30_000;
    await opened.keys.refresh();
    await expect(opened.keys.driver(token)).rejects.toThrow();
    expect((await opened.keys.driver(rotated.token))?.id).toBe('anna');
    expect([ends.old.mock.calls.length, ends.new.mock.calls.length]).toEqual([1, 0]);
  });

  it('a second rotation ends the oldest secret at once', async () => {
    const { token, apiKey } = await create(opened);
    const second = await opened.commands.rotate(apiKey.id, 30_000);
    const third = await opened.commands.rotate(apiKey.id, 30_000);
    await expect(opened.keys.driver(token)).rejects.toThrow();
    expect((await opened.keys.driver(second.token))?.id).toBe('anna');
    expect((await opened.keys.driver(third.token))?.id).toBe('anna');
  });

  it('that were revoked are not rotated', async () => {
    const { apiKey } = await create(opened);
    await opened.commands.revoke(apiKey.id);
    await expect(opened.commands.rotate(apiKey.id, 0)).rejects.toThrow('is revoked');
  });

  it('are revoked within 5 s even when changes cannot be read: every request reads its key then', async () => {
    const { token, apiKey } = await create(opened);
    expect((await opened.keys.driver(token))?.id).toBe('anna');
    await opened.commands.revoke(apiKey.id);
    opened.nowMs += 5_000;
    await expect(opened.keys.driver(token)).rejects.toThrow('revoked');
  });

  it('cannot be checked while the database fails, which is not said to be the fault of the key', async () => {
    const { token } = await create(opened);
    opened.failure = new Error('disk full');
    await expect(opened.keys.driver(token)).rejects.toThrow(AuthenticationUnavailableError);
    await opened.keys.refresh();
    opened.failure = null;
    expect((await opened.keys.driver(token))?.id).toBe('anna');
  });

  it('survive a clock that is set back', async () => {
    const { token, apiKey } = await create(opened);
    await opened.keys.driver(token);
    opened.nowMs -= 3_600_000;
    await opened.commands.revoke(apiKey.id);
    await opened.keys.refresh();
    await expect(opened.keys.driver(token)).rejects.toThrow('revoked');
  });

  it('have their last use written every five minutes', async () => {
    const { token } = await create(opened);
    const lastUse = async () => (await allApiKeys(opened.db))[0]?.lastUsedAt;
    const use = async () => {
      await opened.keys.driver(token);
      await opened.keys.refresh();
    };
    await use();
    const first = new Date(opened.nowMs).toISOString();
    opened.nowMs += 299_000;
    await use();
    expect(await lastUse()).toBe(first);
    opened.nowMs += 1_000;
    await use();
    expect(await lastUse()).toBe(new Date(opened.nowMs).toISOString());
    expect(opened.asked.markUsed).toBe(2);
  });
});
