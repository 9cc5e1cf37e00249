/**
 * What every ImageProvider promises, as tests. A provider's own test file calls `describeImageProvider` with a way to open
 * the provider against an upstream that it controls.
 */
import { afterEach, describe, expect, it } from 'vitest';
import {
  type ImageProvider,
  type KnownImage,
  ProviderError,
  type ProviderEvent,
  type ProviderRun,
} from '../../src/provider/image-provider.ts';
import { collect, pictureBytes, picturesOf, REQUEST, Sinks } from '../provider/run.ts';

export const RESPONSE_ID = 'resp_contract';
export const IMAGE = pictureBytes('image', 30_000);
export const PARTIALS = [pictureBytes('first partial'), pictureBytes('second partial')];

/**
 * What the upstream does with the response RESPONSE_ID, which has the two PARTIALS and then the IMAGE.
 * - `completes`: delivers all of it, in a stream and in a document; the response has ended.
 * - `loses-connection`: cuts the first stream between the partials and the image; later streams are complete.
 * - `hangs`: is silent after the partials; the response is in progress and can be cancelled.
 * - `rejects`: answers the create request with an error that the request caused.
 * - `forgets`: does not know the response.
 * - `takes-its-time`: answers the create request with the response's status, and has the image at the second retrieve.
 */
export type UpstreamBehaviour = 'completes' | 'loses-connection' | 'hangs' | 'rejects' | 'forgets' | 'takes-its-time';

export interface OpenedProvider {
  readonly provider: ImageProvider;
  /** How many create requests the upstream has received. */
  creates(): number;
  close(): Promise<void>;
}

const STORED: readonly KnownImage[] = [{ itemId: 'ig_0', imageIndex: 0, stored: true }];
const PICTURES = [
  { type: 'partial', image: 0, partial: 0, bytes: PARTIALS[0] },
  { type: 'partial', image: 0, partial: 1, bytes: PARTIALS[1] },
  { type: 'image', image: 0, bytes: IMAGE },
];

export function describeImageProvider(
  name: string,
  open: (behaviour: UpstreamBehaviour) => Promise<OpenedProvider>,
): void {
  describe(`${name} as an image provider`, () => {
    let opened: OpenedProvider | undefined;
    const sinks = new Sinks();
    const request = { ...REQUEST, background: true };

    async function providerOf(behaviour: UpstreamBehaviour): Promise<ImageProvider> {
      opened = await open(behaviour);
      return opened.provider;
    }

    function runWith(signal: AbortSignal = new AbortController().signal): ProviderRun<Buffer> {
      return { signal, openSink: sinks.openSink };
    }

    afterEach(async () => {
      await opened?.close();
      expect(sinks.open).toBe(0);
    });

    it('delivers accepted, every partial, the image and completed, in this order', async () => {
      const provider = await providerOf('completes');
      const events = await collect(provider.generate(request, runWith()));
      expect(typesOf(events)).toEqual(['accepted', 'partial', 'partial', 'image', 'completed']);
      expect(picturesOf(events)).toEqual(PICTURES);
      expect(events.find(({ type }) => type === 'accepted')).toMatchObject({ responseId: RESPONSE_ID });
      expect(events.at(-1)).toMatchObject({ responseId: RESPONSE_ID, imagesMissing: false });
    });

    it('calls beforeSend once, before the only request', async () => {
      const provider = await providerOf('completes');
      const createsBefore: (number | undefined)[] = [];
      const beforeSend = () => void createsBefore.push(opened?.creates());
      await collect(provider.generate(request, { ...runWith(), beforeSend }));
      expect(createsBefore).toEqual([0]);
      expect(opened?.creates()).toBe(1);
    });

    it('sends nothing when it is aborted before the start', async () => {
      const provider = await providerOf('completes');
      const reason = new Error('stopped');
      await expect(collect(provider.generate(request, runWith(AbortSignal.abort(reason))))).rejects.toBe(reason);
      expect(opened?.creates()).toBe(0);
    });

    it('ends an aborted run with the reason of the abort', async () => {
      const provider = await providerOf('hangs');
      const reason = new Error('stopped');
      const aborting = new AbortController();
      const { events, error } = await follow(provider.generate(request, runWith(aborting.signal)), (event) => {
        if (event.type === 'partial') aborting.abort(reason);
      });
      expect(error).toBe(reason);
      expect(typesOf(events)).toEqual(['accepted', 'partial']);
    });

    it('leaves no sink open when the caller stops reading', async () => {
      const provider = await providerOf('completes');
      for await (const event of provider.generate(request, runWith())) if (event.type === 'partial') break;
      expect(sinks.open).toBe(0);
    });

    it('ends the run with the error of a sink', async () => {
      const provider = await providerOf('completes');
      const failure = new Error('the disk is full');
      const openSink = () => ({ ...sinks.openSink(), finish: () => Promise.reject(failure) });
      await expect(collect(provider.generate(request, { ...runWith(), openSink }))).rejects.toBe(failure);
    });

    it('reports a rejected request as one that has bought nothing', async () => {
      const provider = await providerOf('rejects');
      const { events, error } = await follow(provider.generate(request, runWith()));
      expect(events).toEqual([]);
      expect(error).toBeInstanceOf(ProviderError);
      expect(error).toMatchObject({ nothingBought: true, failure: { code: 'INVALID_REQUEST', retryable: false } });
      expect(opened?.creates()).toBe(1);
    });

    it('loses a run with its connection, and resumes it without losing a picture or buying another', async () => {
      const provider = await providerOf('loses-connection');
      const { events, error } = await follow(provider.generate(request, runWith()));
      expect(error).toMatchObject({ kind: 'LOST', nothingBought: false, responseId: RESPONSE_ID });
      const after = events.at(-1)?.upstreamSequence ?? null;
      const known = [{ itemId: 'ig_0', imageIndex: 0, stored: false }];
      const rest = await collect(provider.resume(RESPONSE_ID, after, runWith(), known));
      expect(typesOf(rest)).not.toContain('accepted');
      expect(rest.at(-1)?.type).toBe('completed');
      const unique = new Map(picturesOf([...events, ...rest]).map((each) => [`${each.type}/${each.partial}`, each]));
      expect([...unique.values()]).toEqual(PICTURES);
      expect(opened?.creates()).toBe(1);
    });

    it('does not deliver a stored image again when it resumes or retrieves', async () => {
      const provider = await providerOf('completes');
      const resumed = await collect(provider.resume(RESPONSE_ID, null, runWith(), STORED));
      expect(typesOf(resumed)).toEqual(['completed']);
      const retrieved = await collect(provider.retrieve(RESPONSE_ID, runWith(), STORED));
      expect(retrieved).toMatchObject([{ type: 'completed', imagesMissing: false }]);
    });

    it('retrieves the image of a response that has completed', async () => {
      const provider = await providerOf('completes');
      const events = await collect(provider.retrieve(RESPONSE_ID, runWith(), []));
      expect(events).toMatchObject([
        { type: 'image', imageIndex: 0 },
        { type: 'completed', imagesMissing: false },
      ]);
      expect(events.flatMap((event) => (event.type === 'image' ? [event.picture] : []))).toEqual([IMAGE]);
      expect(opened?.creates()).toBe(0);
    });

    it('reports a response in progress as running', async () => {
      const provider = await providerOf('hangs');
      const running = { type: 'running', retryAfter: null };
      expect(await collect(provider.retrieve(RESPONSE_ID, runWith(), []))).toEqual([running]);
    });

    it('leaves a response with a completion window running, and retrieves its image later', async () => {
      const provider = await providerOf('takes-its-time');
      const settings = { ...request.settings, completionWindow: 'WITHIN_2_HOURS' } as const;
      const created = await collect(provider.generate({ ...request, settings }, runWith()));
      expect(typesOf(created)).toEqual(['accepted', 'running']);
      expect(created[0]).toMatchObject({ responseId: RESPONSE_ID });
      expect(await collect(provider.retrieve(RESPONSE_ID, runWith(), []))).toMatchObject([{ type: 'running' }]);
      const finished = await collect(provider.retrieve(RESPONSE_ID, runWith(), []));
      expect(finished).toMatchObject([{ type: 'image' }, { type: 'completed', imagesMissing: false }]);
      expect(opened?.creates()).toBe(1);
    });

    it('reports a response that the upstream does not know as gone', async () => {
      const provider = await providerOf('forgets');
      const gone = { kind: 'GONE', nothingBought: false, responseId: RESPONSE_ID };
      await expect(collect(provider.resume(RESPONSE_ID, 0, runWith(), []))).rejects.toMatchObject(gone);
      await expect(collect(provider.retrieve(RESPONSE_ID, runWith(), []))).rejects.toMatchObject(gone);
      expect(await provider.cancel(RESPONSE_ID)).toEqual({ outcome: 'GONE', usage: null });
    });

    it('cancels a response in progress, and can be asked again', async () => {
      const provider = await providerOf('hangs');
      expect(await provider.cancel(RESPONSE_ID)).toMatchObject({ outcome: 'CANCELLED' });
      expect(await provider.cancel(RESPONSE_ID)).toMatchObject({ outcome: 'CANCELLED' });
    });

    it('finds a response completed when the cancel comes too late', async () => {
      const provider = await providerOf('completes');
      expect(await provider.cancel(RESPONSE_ID)).toMatchObject({ outcome: 'COMPLETED' });
    });
  });
}

/** Without `progress`, which may stand anywhere. */
function typesOf(events: readonly ProviderEvent<Buffer>[]): string[] {
  return events.flatMap(({ type }) => (type === 'progress' ? [] : [type]));
}

/** Reads a run to its end, which may be an error. */
async function follow(
  run: AsyncIterable<ProviderEvent<Buffer>>,
  onEvent: (event: ProviderEvent<Buffer>) => void = () => undefined,
) {
  const events: ProviderEvent<Buffer>[] = [];
  let error: unknown = null;
  try {
    for await (const event of run) {
      events.push(event);
      onEvent(event);
    }
  } catch (caught) {
    error = caught;
  }
  return { events, error };
}
