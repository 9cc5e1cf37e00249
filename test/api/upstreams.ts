/** Scripted upstreams without faults, and servers that use them. */
import { startServerHere } from '../support/app.ts';
import {
  base64,
  type Json,
  numbered,
  recordedEvents,
  type ScriptedUpstream,
  sse,
  startScriptedUpstream,
  type Write,
} from '../support/scripted-upstream.ts';
import { type RunningServer, startServer, type TestServer, type TestServerOptions } from '../support/server.ts';
import { picture } from './steps.ts';

/** A server within this process, whose upstream is the scripted one. */
export function startServerAt(upstream: ScriptedUpstream, options: TestServerOptions = {}): Promise<RunningServer> {
  return startServerHere(optionsFor(upstream, options));
}

/** The same in a process of its own, which can be stopped and killed. */
export function startProcessAt(upstream: ScriptedUpstream, options: TestServerOptions = {}): Promise<TestServer> {
  return startServer(optionsFor(upstream, options));
}

function optionsFor({ baseURL }: ScriptedUpstream, { env = {}, ...rest }: TestServerOptions): TestServerOptions {
  return { ...rest, env: { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: 'sk-scripted', ...env } };
}

/** The requests that can buy an image; the others only retrieve something. */
export function createsOf({ requests }: ScriptedUpstream) {
  return requests.filter(({ method }) => method === 'POST');
}

export interface DevelopedPicture {
  readonly partials: readonly Buffer[];
  readonly bytes: Buffer;
}

export interface DevelopingUpstream extends ScriptedUpstream {
  /** What was sent, by the id of the response. */
  readonly sent: ReadonlyMap<string, DevelopedPicture>;
}

export interface DevelopingOptions {
  readonly partials?: number;
  /** Milliseconds between two events. */
  readonly gapMs?: () => number;
  /** What to wait for before the event of this type is sent. */
  readonly hold?: (type: string, nth: number) => Promise<void> | undefined;
  /** Draws one picture; a small one of one colour by default. */
  readonly draw?: (colour: string) => Promise<Buffer>;
}

/** Makes a different image for every request, with partial images: fast enough for dozens at once. */
export async function startDevelopingUpstream(options: DevelopingOptions = {}): Promise<DevelopingUpstream> {
  const { partials = 3, gapMs = () => 0, hold = () => undefined, draw = picture } = options;
  const sent = new Map<string, DevelopedPicture>();

  async function* writes(events: readonly Json[], nth: number): AsyncGenerator<Write> {
    for (const event of events) {
      await hold(String(event['type']), nth);
      yield { delayMs: gapMs() };
      yield sse(event);
    }
  }

  const upstream = await startScriptedUpstream(async (_, nth) => {
    const stages = Array.from({ length: partials + 1 }, (__, stage) => colour(nth, stage));
    const [bytes = Buffer.alloc(0), ...stagesBefore] = await Promise.all(stages.map((shade) => draw(shade)));
    const responseId = `resp_${nth}`;
    sent.set(responseId, { bytes, partials: stagesBefore });
    const pictures = [{ bytes, partials: stagesBefore, itemId: `ig_${nth}` }];
    return {
      headers: { 'x-request-id': `req_${nth}` },
      writes: writes(recordedEvents({ responseId, pictures }), nth),
    };
  });
  return { ...upstream, sent };
}

function colour(nth: number, stage: number): string {
  return `rgb(${nth % 256}, ${stage * 8}, ${Math.floor(nth / 256)})`;
}

/** The events up to the one that `isLast` names, for streams that end too early. */
export function upTo(events: readonly Json[], isLast: (event: Json) => boolean): Json[] {
  return events.slice(0, events.findIndex(isLast) + 1);
}

/** The recorded events up to the picture's, with another end. */
export function endingWith(events: readonly Json[], ...ends: readonly Json[]): Json[] {
  const generating = upTo(events, ({ type }) => type === 'response.image_generation_call.generating');
  return numbered([...generating, ...ends]);
}

/** Whether the request carries these bytes as an input image. */
export function carries(body: Json, bytes: Uint8Array): boolean {
  return JSON.stringify(body['input']).includes(`data:image/png;base64,${base64(bytes)}`);
}
