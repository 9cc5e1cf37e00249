/** Server-sent events as a browser's EventSource uses them: ids, `Last-Event-ID` and the answer behind the end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate, makeImage, picture, watch } from '../api/steps.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { uploadPicture } from '../support/upload.ts';

let app: TestApp;
let callId: string;
let conversationId: string;
let others: string;

beforeAll(async () => {
  app = await startTestApp({}, { SIMULATOR_DURATION_MS: '200' });
  ({ callId, conversationId } = await makeCall());
  ({ callId: others } = await makeCall());
  await uploadPicture(app.url, await picture('red'), { conversationId });
});
afterAll(() => app[Symbol.asyncDispose]());

async function makeCall() {
  const made = await makeImage(app.url, { prompt: 'a pear', options: { partialImages: 2 } });
  const conversation = made.events[0]?.call;
  return { ...made, conversationId: conversation === undefined ? '' : await conversationOf(made.callId) };
}

async function conversationOf(id: string): Promise<string> {
  const response = await fetch(`${app.url}/graphql?query={generationCall(id:"${id}"){conversation{id}}}`);
  // The shape that the query asks for.
  const { data } = (await response.json()) as { data: { generationCall: { conversation: { id: string } } } };
  return data.generationCall.conversation.id;
}

interface ServerSentEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** As an EventSource asks: a GET, with the query in the URL. */
function get(query: string, headers: Readonly<Record<string, string>> = {}, signal?: AbortSignal) {
  const address = `${app.url}/graphql?query=${encodeURIComponent(query)}`;
  return fetch(address, { headers: { accept: 'text/event-stream', ...headers }, ...(signal && { signal }) });
}

/** What is in a stream until it ends, or until there are `count` events. */
async function eventsOf(response: Response, count = Number.POSITIVE_INFINITY): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = (text + chunk).split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      if (part.startsWith(':')) continue;
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'mu').exec(part)?.[1];
      events.push({ id: field('id') ?? null, event: field('event') ?? '', data: field('data') ?? '' });
    }
    if (events.length >= count) break;
  }
  return events;
}

const generationEvents = (selection: string, after = '') =>
  `subscription { generationEvents(callId: "${callId}" ${after}) { ${selection} } }`;

describe('the id of a server-sent event', () => {
  it.each([
    ['generationEvents', () => `generationEvents(callId: "${callId}")`, 6],
    ['conversationEvents', () => `conversationEvents(conversationId: "${conversationId}")`, 7],
    ['viewerEvents', () => 'viewerEvents', 15],
  ])('promise 2: is its cursor, selected or not, in %s', async (_, field, count) => {
    const selected = await eventsOf(await get(`subscription { field: ${field()} { cursor } }`), count);
    const cursors = selected.slice(0, count).map(({ data }) => JSON.parse(data).data.field.cursor);
    expect(cursors).toHaveLength(count);
    expect(selected.slice(0, count).map(({ id }) => id)).toEqual(cursors);
    const unselected = await eventsOf(await get(`subscription { field: ${field()} { __typename } }`), count);
    expect(unselected.slice(0, count).map(({ id }) => id)).toEqual(cursors);
  });

  it('is kept when a plugin copies the result, and left out when a plugin builds another one', async () => {
    const change = (rebuild: boolean) => ({
      onSubscribe: () => ({
        onSubscribeResult: () => ({
          onNext: ({ result, setResult }: { result: object; setResult: (result: object) => void }) =>
            setResult(rebuild ? structuredClone(result) : { ...result, extensions: { seen: true } }),
        }),
      }),
    });
    for (const rebuild of [false, true]) {
      await using other = await startTestApp({ plugins: [change(rebuild)] });
      const made = await makeImage(other.url, { prompt: 'a pear', options: { partialImages: 0 } });
      const query = `subscription { generationEvents(callId: "${made.callId}") { cursor } }`;
      const response = await fetch(`${other.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { accept: 'text/event-stream' },
      });
      const next = (await eventsOf(response)).filter(({ event }) => event === 'next');
      expect(next.length).toBeGreaterThan(2);
      for (const { id, data } of next) {
        expect(id).toBe(rebuild ? null : JSON.parse(data).data.generationEvents.cursor);
      }
    }
  });
});

describe('Last-Event-ID', () => {
  it('promise 2: continues behind that event, whatever `after` says, for each subscription', async () => {
    const all = await eventsOf(await get(generationEvents('sequence')));
    const cursors = all.filter(({ event }) => event === 'next').map(({ id }) => id ?? '');
    const [first = '', , third = ''] = cursors;
    const rest = await eventsOf(
      await get(generationEvents('sequence', `after: "${first}"`), { 'last-event-id': third }),
    );
    expect(rest.map(({ id }) => id)).toEqual([...cursors.slice(3), 'end']);
    for (const field of [`conversationEvents(conversationId: "${conversationId}")`, 'viewerEvents']) {
      const response = await get(`subscription { ${field} { __typename } }`, { 'last-event-id': third });
      const [next] = await eventsOf(response, 1);
      expect(next?.id).toBe(cursors[3]);
    }
  });

  it('wins over `after` in a POST as well, and is not looked at when it is empty', async () => {
    const all = await eventsOf(await get(generationEvents('sequence')));
    const post = async (id: string) =>
      eventsOf(
        await fetch(`${app.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'last-event-id': id },
          body: JSON.stringify({ query: generationEvents('sequence', `after: "${all[3]?.id}"`) }),
        }),
      );
    expect((await post(all[1]?.id ?? '')).map(({ id }) => id)).toEqual(all.slice(2).map(({ id }) => id));
    expect((await post('')).map(({ id }) => id)).toEqual(all.slice(4).map(({ id }) => id));
  });

  it('promise 3: of the terminal event, or of `complete`, is answered with 204, so that an EventSource stops', async () => {
    const all = await eventsOf(await get(generationEvents('sequence')));
    expect(all.at(-1)).toEqual({ id: 'end', event: 'complete', data: '' });
    for (const { id } of all.slice(-2)) {
      const response = await get(generationEvents('sequence'), { 'last-event-id': id ?? '' });
      expect({ status: response.status, text: await response.text() }).toEqual({ status: 204, text: '' });
    }
    // Without the header the client has asked for what it gets.
    const after = await eventsOf(await get(generationEvents('sequence', `after: "${all.at(-2)?.id}"`)));
    expect(after.map(({ event }) => event)).toEqual(['complete']);
  });

  it('promise 3: of the newest event of an open log waits for the next one', async () => {
    const { id } = await generate(app.url, { prompt: 'later', options: { partialImages: 2 } });
    const queued = await cursorOf(id);
    const query = `subscription { generationEvents(callId: "${id}") { sequence } }`;
    const response = await get(query, { 'last-event-id': queued ?? '' });
    expect(response.status).toBe(200);
    const [next] = await eventsOf(response);
    expect(next?.data).toContain('"sequence":2');
  });

  it.each([
    ['is no cursor', async () => 'nonsense'],
    ['belongs to another call', async () => (await cursorOf(others)) ?? ''],
  ])('that %s is an error, and the stream says that it is over', async (_, idOf) => {
    const response = await get(generationEvents('sequence'), { 'last-event-id': await idOf() });
    const [error, end] = await eventsOf(response);
    expect(JSON.parse(error?.data ?? '')).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
    // An EventSource would ask for the error every three seconds.
    expect(end).toEqual({ id: 'end', event: 'complete', data: '' });
  });

  it('promise 10: of an event of another call reaches nothing of it', async () => {
    const response = await get(generationEvents('call { id }'), { 'last-event-id': (await cursorOf(others)) ?? '' });
    expect(await response.text()).not.toContain(others);
  });

  async function cursorOf(id: string) {
    for await (const { cursor } of watch(app.url, id)) return cursor;
    return null;
  }
});

it('says that events are UTF-8, also when there is one result only', async () => {
  for (const query of [generationEvents('sequence'), '{ __typename }', 'subscription { nothing }']) {
    const { headers, body } = await get(query);
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    await body?.cancel();
  }
});
