/**
 * API keys as bearer tokens. Keys in use are kept in memory, so that a request needs no query; one query every two seconds
 * finds what any process has changed (docs/decisions/2026-11-28-api-keys.md).
 */
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { apiKeyIdOf, isApiKeyCredential, parseApiKeyToken, type StoredApiKey } from '../../../domain/access/api-key.ts';
import { sha256 } from '../../../lib/sha256.ts';
import type { ApiKeyStore } from '../../api-key-store.ts';
import { AuthenticationUnavailableError, type Principal, UnauthenticatedError } from '../../authenticate.ts';
import { type BearerDriver, WRONG } from '../../bearer.ts';
import { type CheckedKey, checkedKeyOf, NO_KEY, newestSecret, secretWithHash } from './checked-key.ts';
import { KeyUsage } from './key-usage.ts';
import { KeyWatches } from './key-watches.ts';

export interface ApiKeysOptions {
  readonly store: ApiKeyStore;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** How often the owner should call `refresh`, in milliseconds. */
export const REFRESH_INTERVAL_MS = 2_000;
/** When no refresh has succeeded for so long, every request reads its key: a revoked key works for 5 s at most. */
const MAX_AGE_MS = 4_500;
/** A change may become visible this much after its time: clocks differ, and transactions take a while. */
const OVERLAP_MS = 60_000;
const MAX_KEYS = 10_000;
/** Clients that keep sending a refused token cost no more queries. A wrong token never becomes right. */
const MAX_WRONG_TOKENS = 1_000;
const MAX_KEYS_PER_QUERY = 100;

export class ApiKeys {
  readonly #options: ApiKeysOptions;
  readonly #keys = new LRUCache<string, CheckedKey>({ max: MAX_KEYS });
  readonly #wrong = new LRUCache<string, true>({ max: MAX_WRONG_TOKENS });
  readonly #watches = new KeyWatches();
  readonly #usage: KeyUsage;
  readonly #rows: DataLoader<string, StoredApiKey | null>;
  readonly #watchEnd = this.#watches.add.bind(this.#watches);
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #isFailing = false;
  #refreshing: Promise<void> | undefined;

  constructor(options: ApiKeysOptions) {
    this.#options = options;
    this.#usage = new KeyUsage(options);
    // One query for all keys that are looked up in a turn of the event loop.
    this.#rows = new DataLoader((ids) => findRows(options.store, ids), {
      cache: false,
      maxBatchSize: MAX_KEYS_PER_QUERY,
    });
  }

  readonly driver: BearerDriver = Object.assign((token: string) => this.#check(token), {
    isStillValid: (principal: Principal) => this.#isStillValid(principal),
  });

  async #check(token: string): Promise<Principal | null> {
    const parsed = parseApiKeyToken(token);
    if (parsed === null) return null;
    const { id } = parsed;
    const hash = sha256(parsed.secret);
    const nowMs = this.#options.nowMs();
    const key = nowMs - this.#refreshedAtMs < MAX_AGE_MS ? this.#keys.get(id) : undefined;
    const secret = key && secretWithHash(key, hash, nowMs);
    if (key === undefined || secret == null) return this.#lookUp(id, hash);
    this.#usage.note(key, nowMs);
    return secret.principal;
  }

  /** Principals are new objects whenever something about their key may have changed. */
  #isStillValid(principal: Principal): boolean {
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#refreshedAtMs >= MAX_AGE_MS) return false;
    const { credential } = principal;
    const key = isApiKeyCredential(credential) ? this.#keys.get(apiKeyIdOf(credential)) : undefined;
    const secret = key?.secrets.find((each) => each.principal === principal);
    if (key === undefined || secret === undefined || secret.endMs <= nowMs) return false;
    this.#usage.note(key, nowMs);
    return true;
  }

  /**
   * The principal of a key with a secret that works, which nobody has to present; null when there is none.
   * @throws {AuthenticationUnavailableError}
   */
  readonly principalOf = async (id: string): Promise<Principal | null> => {
    const nowMs = this.#options.nowMs();
    const known = nowMs - this.#refreshedAtMs < MAX_AGE_MS ? this.#keys.get(id) : undefined;
    const row = known === undefined ? await this.#readRow(id) : null;
    const key = known ?? (row === null ? null : checkedKeyOf(row, this.#watchEnd));
    if (key === null) return null;
    if (known === undefined) this.#keys.set(id, key);
    return newestSecret(key, nowMs)?.principal ?? null;
  };

  /** Learns what has changed, and ends what was opened with secrets that are over. Never rejects; one runs at a time. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    const { nowMs, logger } = this.#options;
    const startedAtMs = nowMs();
    const unchecked = this.#watches.takeUnchecked();
    try {
      for (const row of await this.#changedRows(startedAtMs)) this.#learn(row, startedAtMs);
      for (const row of await this.#rowsOf(unchecked)) this.#learn(row, startedAtMs);
      this.#refreshedAtMs = startedAtMs;
      await this.#usage.store();
      this.#isFailing = false;
    } catch (cause) {
      this.#watches.returnUnchecked(unchecked);
      if (!this.#isFailing) logger.error({ err: cause }, 'changes of API keys cannot be read or stored');
      this.#isFailing = true;
    }
    this.#watches.endDue(nowMs());
  }

  /** Reads the key, and keeps it when the token is right. */
  async #lookUp(id: string, hash: string): Promise<Principal> {
    const { nowMs } = this.#options;
    const token = `${id} ${hash}`;
    if (this.#wrong.has(token)) throw new UnauthenticatedError(WRONG, 'invalid_token');
    const row = await this.#readRow(id);
    // For a key that does not exist, the same is done as for one with another secret: the time it takes tells nothing.
    const key = checkedKeyOf(row ?? NO_KEY, this.#watchEnd);
    const secret = secretWithHash(key, hash, nowMs());
    if (secret === null) {
      this.#wrong.set(token, true);
      throw new UnauthenticatedError(WRONG, 'invalid_token');
    }
    this.#keys.set(id, key);
    this.#usage.note(key, nowMs());
    return secret.principal;
  }

  #readRow(id: string): Promise<StoredApiKey | null> {
    return this.#rows.load(id).catch((cause: unknown) => {
      this.#options.logger.error({ err: cause }, 'an API key could not be read');
      throw new AuthenticationUnavailableError('API keys cannot be checked at the moment. Try again.');
    });
  }

  #changedRows(nowMs: number): Promise<readonly StoredApiKey[]> {
    // The clock may have been set back.
    const sinceMs = Math.max(Math.min(this.#refreshedAtMs, nowMs) - OVERLAP_MS, 0);
    const isFirst = this.#refreshedAtMs === Number.NEGATIVE_INFINITY;
    return this.#options.store.changedSince(new Date(isFirst ? nowMs - OVERLAP_MS : sinceMs).toISOString());
  }

  async #rowsOf(ids: readonly string[]): Promise<readonly StoredApiKey[]> {
    const rows = await Promise.all(ids.map((id) => this.#rows.load(id)));
    return rows.filter((row) => row !== null);
  }

  #learn(row: StoredApiKey, nowMs: number): void {
    const key = checkedKeyOf(row, this.#watchEnd);
    if (this.#keys.has(key.id)) this.#keys.set(key.id, key);
    this.#watches.update(key, nowMs);
  }
}

async function findRows(store: ApiKeyStore, ids: readonly string[]): Promise<readonly (StoredApiKey | null)[]> {
  const found = new Map((await store.find([...new Set(ids)])).map((key) => [key.id, key]));
  return ids.map((id) => found.get(id) ?? null);
}
