/**
 * The faults of an upstream, or of the connection to it: one row for each fault, with the expected end of the call in the
 * background and on one connection, and the allowed number of creates.
 */
import type { EventReplacement, ProxiedEvent, ProxyAnswer } from '../support/fault-proxy.ts';
import type { Harness } from './harness.ts';
import type { Random } from './rounds.ts';
import { isCreate, isFinal, isPartial, isResume } from './upstream.ts';

export interface UpstreamFault {
  readonly name: string;
  /** Scenario markers for the simulator. */
  readonly markers?: string;
  /** Sets the behavior of the proxy. Called before the call starts. */
  readonly steer?: (harness: Harness) => void;
  /** The status, or the failure code. `NAMED` is COMPLETED if the response id was stored, else OUTCOME_UNKNOWN. */
  readonly background: string | readonly string[];
  readonly plain: string | readonly string[];
  /** The number of creates that reach the upstream, if not exactly one. */
  readonly creates?: number;
}

/** Applies it to the first matching event. */
function once(
  harness: Harness,
  matches: (event: ProxiedEvent) => boolean,
  replacement: (event: ProxiedEvent) => EventReplacement,
): void {
  let done = false;
  harness.upstream.setBehavior({
    onEvent: (event) => {
      if (done || !matches(event)) return null;
      done = true;
      return replacement(event);
    },
  });
}

/** The beginning of the event, cut in the middle of its base64. */
function inside({ text }: ProxiedEvent, random: Random): string {
  return text.slice(0, random.integer(Math.floor(text.length / 10), Math.floor((text.length * 9) / 10)));
}

function refuseCreates(times: number, answer: () => ProxyAnswer) {
  return ({ upstream }: Harness) => {
    let left = times;
    upstream.setBehavior({
      onRequest: (request) => {
        if (!isCreate(request) || left === 0) return null;
        left -= 1;
        return answer();
      },
    });
  };
}

const busy = (headers: Readonly<Record<string, string>> = {}) => ({
  status: 429,
  headers,
  body: { error: { code: 'rate_limit_exceeded', type: 'tokens', message: 'Rate limit reached.' } },
});
const overloaded = () => ({
  status: 503,
  body: { error: { code: 'server_error', type: 'server_error', message: 'Overloaded.' } },
});

/** How many attempts the server of these tests makes. */
export const MAX_ATTEMPTS = 4;

export const UPSTREAM_FAULTS: readonly UpstreamFault[] = [
  {
    name: 'resets the connection inside the base64 of the picture',
    steer: (harness) =>
      once(harness, isFinal, (event) => ({ writes: [inside(event, harness.random)], afterwards: 'reset' })),
    background: 'COMPLETED',
    plain: 'OUTCOME_UNKNOWN',
  },
  {
    name: 'resets the connection inside the base64 of a stage',
    steer: (harness) => {
      const stage = harness.random.integer(0, 1);
      once(
        harness,
        (event) => isPartial(event, stage),
        (event) => ({ writes: [inside(event, harness.random)], afterwards: 'reset' }),
      );
    },
    background: 'COMPLETED',
    plain: 'OUTCOME_UNKNOWN',
  },
  {
    name: 'closes the stream behind a stage as if all were well',
    steer: (harness) =>
      once(
        harness,
        (event) => isPartial(event, 0),
        ({ text }) => ({ writes: [text], afterwards: 'end' }),
      ),
    background: 'COMPLETED',
    plain: 'OUTCOME_UNKNOWN',
  },
  {
    name: 'closes the stream behind the picture',
    steer: (harness) => once(harness, isFinal, ({ text }) => ({ writes: [text], afterwards: 'end' })),
    background: 'COMPLETED',
    plain: 'COMPLETED',
  },
  { name: 'sends events twice', markers: '[sim:duplicate-sequence]', background: 'COMPLETED', plain: 'COMPLETED' },
  {
    name: 'sends events out of order',
    markers: '[sim:reordered-sequence]',
    background: 'COMPLETED',
    plain: 'COMPLETED',
  },
  {
    name: 'sends events twice and out of order, and is cut',
    markers: '[sim:duplicate-sequence][sim:reordered-sequence]',
    steer: (harness) =>
      once(harness, isFinal, (event) => ({ writes: [inside(event, harness.random)], afterwards: 'reset' })),
    background: 'COMPLETED',
    plain: 'OUTCOME_UNKNOWN',
  },
  {
    name: 'is busy and says until when (429)',
    steer: refuseCreates(1, () => busy({ 'retry-after': '1' })),
    background: 'COMPLETED',
    plain: 'COMPLETED',
    creates: 2,
  },
  {
    name: 'is busy for ever (429)',
    steer: refuseCreates(100, () => busy()),
    background: 'RATE_LIMITED',
    plain: 'RATE_LIMITED',
    creates: MAX_ATTEMPTS,
  },
  {
    name: 'is overloaded for a while (503)',
    steer: refuseCreates(2, overloaded),
    background: 'COMPLETED',
    plain: 'COMPLETED',
    creates: 3,
  },
  {
    name: 'answers 500 when the picture is made',
    markers: '[sim:http-500-after-create]',
    background: 'UPSTREAM_UNAVAILABLE',
    plain: 'UPSTREAM_UNAVAILABLE',
  },
  {
    name: 'resets the connection before it answers a create',
    steer: refuseCreates(1, () => 'reset'),
    background: 'OUTCOME_UNKNOWN',
    plain: 'OUTCOME_UNKNOWN',
  },
  {
    name: 'blocks the picture in mid-stream',
    markers: '[sim:moderation-midstream]',
    background: 'MODERATION_BLOCKED',
    plain: 'MODERATION_BLOCKED',
  },
  {
    name: 'is cut at a chance byte, again and again',
    steer: ({ upstream, random }) => {
      let left = random.integer(2, 4);
      upstream.setBehavior({
        cutAfter: () => {
          left -= 1;
          return left < 0 ? null : random.integer(1, 400_000);
        },
      });
    },
    background: 'NAMED',
    plain: ['COMPLETED', 'OUTCOME_UNKNOWN'],
  },
  {
    name: 'leaves out the stages when its stream is resumed',
    markers: '[sim:resume-without-partials]',
    steer: (harness) =>
      once(
        harness,
        (event) => isPartial(event, 0),
        (event) => ({ writes: [inside(event, harness.random)], afterwards: 'reset' }),
      ),
    background: 'COMPLETED',
    plain: 'OUTCOME_UNKNOWN',
  },
  {
    name: 'resumes no stream, but tells how the response stands',
    steer: ({ upstream, random }) => {
      let cut = false;
      upstream.setBehavior({
        onRequest: (request) =>
          isResume(request)
            ? { status: 400, body: { error: { code: 'invalid_request_error', message: 'No stream.' } } }
            : null,
        onEvent: (event) => {
          if (cut || !isPartial(event, 1)) return null;
          cut = true;
          return { writes: [inside(event, random)], afterwards: 'reset' };
        },
      });
    },
    background: 'COMPLETED',
    plain: 'OUTCOME_UNKNOWN',
  },
  {
    name: 'tells of a picture without its bytes when asked later, and resumes',
    markers: '[sim:retrieve-without-result]',
    steer: (harness) =>
      once(harness, isFinal, (event) => ({ writes: [inside(event, harness.random)], afterwards: 'reset' })),
    background: 'COMPLETED',
    plain: 'OUTCOME_UNKNOWN',
  },
  {
    name: 'breaks off with an error event',
    markers: '[sim:error-event]',
    background: ['UPSTREAM_UNAVAILABLE', 'OUTCOME_UNKNOWN'],
    plain: ['UPSTREAM_UNAVAILABLE', 'OUTCOME_UNKNOWN'],
  },
  {
    name: 'breaks off with an error event of the way, while the response goes on',
    steer: (harness) => {
      const error = { type: 'error', code: 'server_error', message: 'The stream broke.', sequence_number: 900 };
      once(
        harness,
        (event) => isPartial(event, 1),
        () => ({ writes: [`event: error\ndata: ${JSON.stringify(error)}\n\n`], afterwards: 'end' }),
      );
    },
    background: 'COMPLETED',
    plain: ['UPSTREAM_UNAVAILABLE', 'OUTCOME_UNKNOWN'],
  },
];
