/** A database with calls that a server has started, for tests of the parts that run them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import type { AttemptKey } from '../../src/db/queries/attempts.ts';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { insertAttempts } from '../../src/db/queries/engine/attempts.ts';
import { findCall } from '../../src/db/queries/engine/calls.ts';
import { insertInstance } from '../../src/db/queries/engine/instances.ts';
import type { GenerationCall } from '../../src/domain/generation/generation-call.ts';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import { createInProcessNotifier } from '../../src/events/drivers/in-process/notifier.ts';
import { createTransitions, type Transitions, type Writer } from '../../src/state/transitions.ts';

export interface RunnerHarness extends AsyncDisposable {
  readonly db: Database;
  readonly transitions: Transitions;
  /** The server that runs the calls. */
  readonly writer: Writer;
  /** Starts a call with a stored request for each of its images; `key` is that of the first. */
  begin(order?: Order): Promise<{ call: GenerationCall; key: AttemptKey }>;
  /** The call as it is now. */
  read(call: GenerationCall): Promise<GenerationCall>;
}

export interface Order {
  readonly count?: number;
  /** The ids of the responses, as far as the upstream has given them. */
  readonly responseIds?: readonly string[];
}

const PRINCIPAL = 'somebody';
export const UPSTREAM = 'test';
const now = () => new Date().toISOString();

export async function openRunnerHarness(): Promise<RunnerHarness> {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-runner-'));
  const db = await openSqlite(join(directory, 'db.sqlite'), { patienceMs: 1000 });
  const transitions = createTransitions({ db, notifier: createInProcessNotifier({ pollMs: 5_000 }), now });
  const writer = { instanceId: 'server-1', attempt: 1 };
  const at = now();
  await insertInstance(db, { id: writer.instanceId, hostname: 'here', pid: 1, started_at: at, heartbeat_at: at });

  async function read({ id }: Pick<GenerationCall, 'id'>): Promise<GenerationCall> {
    const call = await findCall(db, id);
    if (call === null) throw new Error(`call ${id} does not exist`);
    return call;
  }

  return {
    db,
    transitions,
    writer,
    read,
    async begin({ count = 1, responseIds = [] } = {}) {
      const key = { callId: uuidv7(), attempt: 1, task: 0 };
      await accept(db, transitions, key.callId, count);
      await transitions.record(
        key.callId,
        { type: 'GenerationStarted', attempt: 1 },
        {
          change: { attempts: 1, claimed_by: writer.instanceId, upstream: UPSTREAM },
          also: (transaction, startedAt) =>
            insertAttempts(
              transaction,
              Array.from({ length: count }, (_, task) => ({
                call_id: key.callId,
                attempt: 1,
                task,
                principal: PRINCIPAL,
                api: 'RESPONSES',
                image_count: 1,
                again: false,
                route: null,
                response_id: responseIds[task] ?? null,
                started_at: startedAt,
                state: 'ASKED',
                background: true,
              })),
            ),
        },
      );
      return { call: await read({ id: key.callId }), key };
    },
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await rm(directory, { recursive: true });
    },
  };
}

async function accept(db: Database, transitions: Transitions, id: string, count: number): Promise<void> {
  const createdAt = now();
  const conversation = {
    id: uuidv7(),
    principal: PRINCIPAL,
    title: 'a kite',
    createdAt,
    updatedAt: createdAt,
    deletedAt: null,
  };
  await insertConversation(db, conversation);
  await transitions.accept(
    {
      id,
      principal: PRINCIPAL,
      conversationId: conversation.id,
      request: {
        kind: 'GENERATE',
        prompt: 'a kite',
        verbatim: false,
        count,
        settings: NO_SETTINGS,
        maskImageId: null,
        markupImageId: null,
      },
      retryOf: null,
      context: { isOpen: true, imageId: null },
      createdAt,
    },
    { before: async () => ({ type: 'GenerationQueued' }), after: async () => undefined },
  );
}
