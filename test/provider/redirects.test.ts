/** Redirects of the upstream: what this server sends carries prompts and secrets, and may buy something. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ImageProvider } from '../../src/provider/image-provider.ts';
import { ProviderError } from '../../src/provider/image-provider.ts';
import {
  jsonReply,
  type Reply,
  recordedEvents,
  type ScriptedUpstream,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { collect, picture, pictureBytes, providerFor, REQUEST, Sinks } from './run.ts';

const PICTURE = pictureBytes('redirected');
const RESPONSE = { id: 'resp_1', object: 'response', status: 'in_progress', output: [] };
const STATUSES = [301, 302, 303, 307, 308];

type Operation = (provider: ImageProvider) => Promise<unknown>;

/** Every request that a provider can send. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  'a response': (provider) => collect(provider.generate(REQUEST, runOf())),
  images: (provider) => collect(provider.generate({ ...REQUEST, api: 'IMAGES' }, runOf())),
  'an edit': (provider) => {
    const context = { route: 'IMAGE_BYTES', pictures: [picture(PICTURE)] } as const;
    return collect(provider.generate({ ...REQUEST, api: 'IMAGES', context }, runOf()));
  },
  'a file': (provider) => provider.upload(picture(PICTURE), new AbortController().signal),
  'a resumed response': (provider) => collect(provider.resume('resp_1', 3, runOf(), [])),
  'the status of a response': (provider) => collect(provider.retrieve('resp_1', runOf(), [])),
  'a cancellation': (provider) => provider.cancel('resp_1'),
};

function runOf() {
  return { signal: new AbortController().signal, openSink: new Sinks().openSink };
}

const started: ScriptedUpstream[] = [];

afterEach(async () => {
  for (const upstream of started.splice(0)) await upstream.close();
});

async function upstreamOf(reply: Parameters<typeof startScriptedUpstream>[0]): Promise<ScriptedUpstream> {
  const upstream = await startScriptedUpstream(reply);
  started.push(upstream);
  return upstream;
}

function redirectTo(location: string, status: number): Reply {
  return { status, headers: { location }, writes: ['moved'] };
}

async function failureOf(work: Promise<unknown>): Promise<ProviderError> {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof ProviderError)) throw new Error(`it did not fail as it should: ${String(error)}`);
  return error;
}

describe.each(Object.entries(OPERATIONS))('%s', (_, ask) => {
  it.each(STATUSES)('is not sent on to another origin (%i), and the failure names only its host', async (status) => {
    const elsewhere = await upstreamOf(() => jsonReply({}));
    const { host } = new URL(elsewhere.baseURL);
    const upstream = await upstreamOf(() =>
      redirectTo(`http://user:password@${host}/hidden/path?key=hidden-query#hidden`, status),
    );
    const { failure, cause } = await failureOf(ask(providerFor(upstream.baseURL)));
    expect(elsewhere.requests).toEqual([]);
    expect(upstream.requests).toHaveLength(1);
    expect(failure.message).toContain(`redirected a request (HTTP ${status}) to ${host}. This server`);
    expect(`${failure.message} ${String(cause)}`).not.toMatch(/hidden|password/u);
  });
});

describe('a redirect', () => {
  it('within the upstream is followed by a request that only reads', async () => {
    const upstream = await upstreamOf(({ path }) =>
      path.includes('/moved/') ? jsonReply(RESPONSE) : redirectTo('/v1/moved/responses/resp_1', 308),
    );
    await collect(providerFor(upstream.baseURL).retrieve('resp_1', runOf(), []));
    expect(upstream.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/responses/resp_1',
      'GET /v1/moved/responses/resp_1',
    ]);
    expect(upstream.requests[1]?.headers.authorization).toBe('Bearer sk-test');
  });

  it('is followed five times at most', async () => {
    const upstream = await upstreamOf(({ path }, nth) => redirectTo(`${path}x${nth}`, 302));
    const { kind, failure } = await failureOf(collect(providerFor(upstream.baseURL).retrieve('resp_1', runOf(), [])));
    expect(upstream.requests).toHaveLength(6);
    expect([kind, failure.message]).toEqual(['LOST', expect.stringContaining('more than 5 times')]);
  });

  it.each([303, 302, 301])('with %i takes a request to its answer, which is only read', async (status) => {
    const events = recordedEvents({ pictures: [{ bytes: PICTURE }] });
    const upstream = await upstreamOf(({ method }) =>
      method === 'GET' ? streamReply(events) : redirectTo('/v1/answers/1', status),
    );
    const delivered = await collect(providerFor(upstream.baseURL).generate(REQUEST, runOf()));
    expect(delivered.at(-1)).toMatchObject({ type: 'completed' });
    expect(upstream.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(upstream.requests[1]?.body).toEqual({});
    expect(upstream.requests[1]?.headers['content-type']).toBeUndefined();
  });

  it.each([307, 308])('with %i never sends a request a second time, and nothing was bought', async (status) => {
    const upstream = await upstreamOf(() => redirectTo('/v1/elsewhere', status));
    const { kind, failure } = await failureOf(collect(providerFor(upstream.baseURL).generate(REQUEST, runOf())));
    expect(upstream.requests).toHaveLength(1);
    expect(kind).toBe('NOTHING_BOUGHT');
    expect(failure).toMatchObject({ code: 'INTERNAL', retryable: false });
  });

  it('that may tell where the answer is leaves open whether an image was bought', async () => {
    const upstream = await upstreamOf(() => redirectTo('http://other.invalid/answers/1', 303));
    const { kind, failure } = await failureOf(collect(providerFor(upstream.baseURL).generate(REQUEST, runOf())));
    expect([kind, failure.code]).toEqual(['LOST', 'OUTCOME_UNKNOWN']);
  });

  it('to another scheme or to no address is not followed', async () => {
    const upstream = await upstreamOf(({ headers }, nth) =>
      redirectTo(['file:///etc/passwd', 'http://[', `https://${headers.host}/v1`][nth] ?? '', 307),
    );
    const provider = providerFor(upstream.baseURL);
    const messages = [];
    for (let time = 0; time < 3; time += 1) {
      messages.push((await failureOf(collect(provider.generate(REQUEST, runOf())))).failure.message);
    }
    expect(messages).toEqual([
      expect.stringContaining('to an invalid address'),
      expect.stringContaining('to an invalid address'),
      expect.stringContaining(`to https://${new URL(upstream.baseURL).host}.`),
    ]);
    expect(upstream.requests).toHaveLength(3);
  });
});
