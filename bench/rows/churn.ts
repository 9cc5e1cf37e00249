/**
 * Minutes in which calls begin and end while those who follow them come and go: what the server holds may not climb.
 *
 * V8 lets garbage lie for minutes, and the resident memory swings by some 200 MB with it: a line through three of these
 * swings says nothing. And the C library gives back little of what is free: it climbs in steps of megabytes, each a record of
 * what was needed at once (docs/decisions). So it is looked at behind collections, when nobody is there, and what is free is
 * given back; how far one look is off then says nothing of the next, which the noise of a line of least squares takes for
 * granted.
 */
import { startChild } from '../harness/child.ts';
import { COLLECTING, GIVING_BACK, heldMemoryOf, KEEPING_CODE } from '../harness/collect.ts';
import { startDarkroom } from '../harness/darkroom.ts';
import { number } from '../harness/print.ts';
import { watchPeak } from '../harness/process-facts.ts';
import { type Bar, type Bench, type Line, oursAtMost, type Report, type Row, SkippedError } from '../harness/row.ts';
import { slope } from '../harness/statistics.ts';
import { heldOrders } from '../harness/waves.ts';
import type { ChurnApi, Traffic } from '../processes/churn.ts';
import { ask } from '../processes/documents.ts';

const CALLS_AT_ONCE = 8;
const PARTIALS = 3;
const PICTURE_BYTES = 10_000;
/** A cycle that is looked at takes at least this: about the same work each minute, whatever else the machine has to do. */
const CYCLE_MS = 500;
const PEAK_SAMPLE_MS = 250;
const LOOK_EVERY_MS = 20_000;
/** By then V8 has compiled what it will, and the page caches of SQLite are full, 16 MB for each of two connections. */
const WARM_UP_CALLS = 10_000;
const DURATION_MINUTES = 10;
const MINUTE_MS = 60_000;
/** A run that cannot see as much proves nothing: it is some hundred bytes for each call. */
const MOST_NOISE_KB = 200;

export const churn: Row = {
  name: 'churn',
  title: 'Ten minutes of churn: calls and subscribers come and go',
  measure: measureChurn,
};

async function measureChurn(bench: Bench, opened: AsyncDisposableStack): Promise<Report> {
  if (bench.quick) throw new SkippedError('a slope takes its ten minutes');
  const { upstream } = bench;
  await upstream.call('prepare', PICTURE_BYTES);
  const serverFlags = [...bench.serverFlags, ...COLLECTING, ...KEEPING_CODE];
  const options = { concurrency: CALLS_AT_ONCE, env: GIVING_BACK };
  const server = opened.use(await startDarkroom({ ...bench, serverFlags }, options));
  const people = opened.use(await startChild<ChurnApi>('processes/churn.ts'));

  async function cycle(): Promise<Traffic> {
    await people.call('begin', server.url, heldOrders(CALLS_AT_ONCE, PICTURE_BYTES));
    await upstream.call('held', CALLS_AT_ONCE);
    for (let partial = 1; partial <= PARTIALS; partial += 1) {
      await upstream.call('wave');
      await people.call('received', partial);
    }
    await upstream.call('finish');
    return people.call('finish', server.url);
  }

  /** Resolves with all that has gone through, what went before included. */
  async function churnUntilNextLook(cycleMs: number): Promise<Traffic> {
    const end = performance.now() + LOOK_EVERY_MS;
    for (;;) {
      const pause = new Promise((resolve) => setTimeout(resolve, cycleMs));
      const traffic = await cycle();
      await pause;
      if (performance.now() > end) return traffic;
    }
  }

  /** Looks again and again; resolves with points of minutes and kB. */
  async function lookUntil(isEnough: (minutes: number, traffic: Traffic) => boolean, cycleMs: number) {
    const begun = performance.now();
    const points: (readonly [number, number])[] = [];
    for (;;) {
      const traffic = await churnUntilNextLook(cycleMs);
      const minutes = (performance.now() - begun) / MINUTE_MS;
      const { resident } = await heldMemoryOf(server.pid, () => ask(server.url, '{ __typename }', {}));
      points.push([minutes, resident / 1000]);
      if (isEnough(minutes, traffic)) return { points, traffic, minutes };
    }
  }

  bench.say('warming up');
  const warmUp = await lookUntil((_, { calls }) => calls > WARM_UP_CALLS, 0);
  bench.say('looking');
  const peak = watchPeak(server.pid, PEAK_SAMPLE_MS);
  const { points, traffic, minutes } = await lookUntil((minutes) => minutes > DURATION_MINUTES, CYCLE_MS);
  const most = peak.stop();
  const during = (what: keyof Traffic) => traffic[what] - warmUp.traffic[what];

  const { perUnit: climb, noise } = slope(points);
  const line = (label: string, unit: string, value: number, bar: Bar | null = null): Line => {
    return { label, unit, ours: [value], peer: null, peerName: '', bar };
  };
  const kilobytes = points.map(([, y]) => y);
  const count = (what: keyof Traffic) => during(what).toLocaleString('en');
  return {
    lines: [
      line('climb beyond its noise', 'kB a minute', Math.max(0, climb - noise), oursAtMost(0)),
      line('the climb', 'kB a minute', climb),
      line('its noise, half of the 95 % interval', 'kB a minute', noise, oursAtMost(MOST_NOISE_KB)),
      line('the climb, by calls', 'bytes a call', (climb * 1000 * minutes) / during('calls')),
      line('resident at the first look', 'MB', (kilobytes[0] ?? 0) / 1000),
      line('resident at the last look', 'MB', (kilobytes.at(-1) ?? 0) / 1000),
      line('the most that was resident', 'MB', most / 1e6),
    ],
    notes: [
      `Resident memory behind a collection of all garbage, every ${LOOK_EVERY_MS / 1000} s, when nobody is there; V8 keeps its compiled code then, and the C library gives back what is free. The line of least squares through ${points.length} such looks. By chance alone, one run in forty climbs beyond its noise.`,
      `In ${number(minutes)} minutes: ${count('calls')} calls, ${count('webSockets')} subscriptions over WebSocket and ${count('eventStreams')} over server-sent events, of which ${count('cutShort')} were left or broken off in the middle, ${count('queries')} queries. Before that ${warmUp.traffic.calls.toLocaleString('en')} calls to warm up.`,
    ],
  };
}
