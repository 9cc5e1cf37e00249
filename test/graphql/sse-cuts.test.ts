/** Clients of server-sent events in Node, through a proxy that cuts every stream, with events compressed and as they are. */
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate, within } from '../api/steps.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type CuttingProxy, startCuttingProxy } from '../support/cutting-proxy.ts';

const QUERY = `subscription ($callId: ID!, $after: String) {
  generationEvents(callId: $callId, after: $after) { __typename sequence cursor }
}`;
const LIMIT_MS = 20_000;

interface Event {
  readonly __typename: string;
  readonly sequence: number;
  readonly cursor: string;
}

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({}, { SIMULATOR_DURATION_MS: '400' });
});
afterAll(() => app[Symbol.asyncDispose]());

describe.each([true, false])(
  'promise 2: nothing is missed or repeated through cuts, compressed: %s',
  (isCompressed) => {
    let proxy: CuttingProxy;
    beforeAll(async () => {
      proxy = await startCuttingProxy(app.url, { isCompressed });
    });
    afterAll(() => proxy.close());

    it.each([
      ['graphql-sse, which passes its last cursor as `after`', withGraphqlSse],
      ['fetch, which passes its last id as `Last-Event-ID`', withFetch],
    ])('by %s', async (_, follow) => {
      const { id } = await generate(app.url, { prompt: 'a pear', options: { partialImages: 2 } });
      const before = proxy.asked.length;
      const events = await within(LIMIT_MS, 'the last event', () => follow(proxy.url, id));
      expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
      const asked = proxy.asked.slice(before);
      expect(asked.length).toBeGreaterThanOrEqual(3);
      expect(asked[0]?.encoding).toBe(isCompressed ? 'gzip' : 'none');
    });
  },
);

async function withGraphqlSse(url: string, callId: string): Promise<Event[]> {
  const client = createClient({ url: `${url}/graphql`, retryAttempts: 0 });
  const events: Event[] = [];
  for (;;) {
    try {
      const after = events.at(-1)?.cursor ?? null;
      const results = client.iterate<{ generationEvents: Event }>({ query: QUERY, variables: { callId, after } });
      for await (const { data } of results) if (data != null) events.push(data.generationEvents);
      return events;
    } catch {
      // The connection was cut.
    }
  }
}

async function withFetch(url: string, callId: string): Promise<Event[]> {
  const events: Event[] = [];
  let lastId = '';
  for (;;) {
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          ...(lastId !== '' && { 'last-event-id': lastId }),
        },
        body: JSON.stringify({ query: QUERY, variables: { callId } }),
      });
      if (response.status === 204) return events;
      let text = '';
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const parts = (text + chunk).split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const [, id] = /^id: (.+)$/mu.exec(part) ?? [];
          const [, json] = /^data: (.+)$/mu.exec(part) ?? [];
          if (json !== undefined) events.push(JSON.parse(json).data.generationEvents);
          if (id !== undefined) lastId = id;
        }
      }
    } catch {
      // The connection was cut.
    }
  }
}
