/**
 * The memory of a waiting subscriber: a thousand of them, each with a WebSocket and one subscription to a call that is
 * held, compared with plain graphql-ws with a schema that resolves nothing.
 */
import { startChild } from '../harness/child.ts';
import { COLLECTING, heldMemoryOf } from '../harness/collect.ts';
import { startDarkroom } from '../harness/darkroom.ts';
import {
  atMost,
  type Bench,
  type Figures,
  interleave,
  type Line,
  lineOf,
  type Report,
  type Row,
} from '../harness/row.ts';
import { heldOrders } from '../harness/waves.ts';
import type { BareGraphqlWsApi } from '../peers/bare-graphql-ws.ts';
import type { CrowdApi } from '../processes/crowd.ts';
import { ask, cancel, EVENTS, generate } from '../processes/documents.ts';
import { promptOf } from '../processes/order.ts';

/** `GenerationQueued` and `GenerationStarted`. */
const EVENTS_BEFORE_THE_FIRST_PARTIAL = 2;
const PICTURE_BYTES = 20_000;

const DOCUMENTS = {
  'the smallest document': 'subscription ($callId: ID!) { generationEvents(callId: $callId) { __typename } }',
  'the document of a frontend': EVENTS.event,
};

export const memorySubscriber: Row = {
  name: 'memory-subscriber',
  title: 'Memory per idle subscriber (1,000 subscribers)',
  measure: measureSubscribers,
};

interface Contender {
  readonly pid: number;
  readonly url: string;
  /** Resolves when the process has answered a request. */
  readonly answered: () => Promise<unknown>;
}

async function measureSubscribers(bench: Bench, opened: AsyncDisposableStack): Promise<Report> {
  const { upstream } = bench;
  const count = bench.scaled(1_000, 150);
  await upstream.call('prepare', PICTURE_BYTES);
  const serverFlags = [...bench.serverFlags, ...COLLECTING];
  const server = opened.use(await startDarkroom({ ...bench, serverFlags }));
  const peer = opened.use(await startChild<BareGraphqlWsApi>('peers/bare-graphql-ws.ts'));
  const crowd = opened.use(await startChild<CrowdApi>('processes/crowd.ts'));

  async function rise({ pid, url, answered }: Contender, query: string, callId: string): Promise<Figures> {
    const { anonymous: before } = await heldMemoryOf(pid, answered);
    await crowd.call('come', url, { query, variables: { callId } }, count, EVENTS_BEFORE_THE_FIRST_PARTIAL);
    const { anonymous: after } = await heldMemoryOf(pid, answered);
    await crowd.call('leave');
    return { kilobytes: (after - before) / count / 1000 };
  }

  async function ours(query: string): Promise<Figures> {
    // One for each round, because the upstream must not be silent forever.
    const prompt = heldOrders(1, PICTURE_BYTES).map(promptOf).join();
    const [{ callId }] = await Promise.all([generate(server.url, prompt), upstream.call('held', 1)]);
    const answered = () => ask(server.url, '{ __typename }', {});
    const figures = await rise({ ...server, answered }, query, callId);
    await cancel(server.url, callId);
    return figures;
  }

  const answered = () => peer.call('url');
  const bare: Contender = { pid: peer.pid, url: await answered(), answered };
  const lines: Line[] = [];
  for (const [label, query] of Object.entries(DOCUMENTS).slice(0, bench.scaled(2, 1))) {
    bench.say(label);
    const contenders = { ours: () => ours(query), peer: () => rise(bare, query, 'any') };
    // A first crowd comes and goes before the measurement: one-time costs are not the cost of a subscriber.
    await interleave(1, contenders);
    const rounds = await interleave(bench.scaled(5, 1), contenders);
    const words = { figure: 'kilobytes', unit: 'kB', peerName: 'bare graphql-ws', bar: atMost(1.2) };
    lines.push(lineOf(rounds.ours, rounds.peer, { ...words, label }));
  }
  return {
    lines,
    notes: [
      'The growth of anonymous resident memory per subscriber, in a process that has already served as many before.',
      'Before each sample V8 runs a full garbage collection, in our server (by a preloaded module) and in the peer. ' +
        'Otherwise the room that V8 keeps for new objects would be several times the measured value.',
      'The peer keeps a parsed document per subscriber, our server one for all, so a larger document costs the peer ' +
        'more.',
    ],
  };
}
