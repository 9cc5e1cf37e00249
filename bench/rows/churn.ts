/**
 * Minutes in which calls start and end while subscribers come and go. The memory of the server must not grow.
 *
 * V8 keeps garbage for minutes, and resident memory swings by about 200 MB, so a line through a few swings says
 * nothing. The C library returns little free memory and grows in steps of megabytes, one for each new maximum
 * (docs/decisions/2026-11-26-what-climbs-under-churn.md). So memory is sampled after garbage collections, while the
 * server is idle and free memory is returned. Errors of the samples are then independent, as least squares requires.
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
/** The minimum duration of a measured cycle: about the same work each minute, whatever else the machine does. */
const CYCLE_MS = 500;
const PEAK_SAMPLE_MS = 250;
const LOOK_EVERY_MS = 20_000;
/**
 * After this many calls, V8 has compiled its code and SQLite's page caches are full (16 MB for each of two
 * connections).
 */
const WARM_UP_CALLS = 10_000;
const DURATION_MINUTES = 10;
const MINUTE_MS = 60_000;
/** With more noise, a run proves nothing. It is a few hundred bytes per call. */
const MOST_NOISE_KB = 200;

export const churn: Row = {
  name: 'churn',
  title: 'Ten minutes of churn: calls and subscribers come and go',
  measure: measureChurn,
};

async function measureChurn(bench: Bench, opened: AsyncDisposableStack): Promise<Report> {
  if (bench.quick) throw new SkippedError('measuring growth takes ten minutes');
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

  /** Resolves with the total traffic since the start of the process. */
  async function churnUntilNextLook(cycleMs: number): Promise<Traffic> {
    const end = performance.now() + LOOK_EVERY_MS;
    for (;;) {
      const pause = new Promise((resolve) => setTimeout(resolve, cycleMs));
      const traffic = await cycle();
      await pause;
      if (performance.now() > end) return traffic;
    }
  }

  /** Samples repeatedly. Resolves with points of minutes and kB. */
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
  bench.say('measuring');
  const peak = watchPeak(server.pid, PEAK_SAMPLE_MS);
  const { points, traffic, minutes } = await lookUntil((minutes) => minutes > DURATION_MINUTES, CYCLE_MS);
  const most = peak.stop();
  return reportOf({ points, minutes, most }, traffic, warmUp.traffic);
}

interface Samples {
  /** Minutes and kB. */
  readonly points: readonly (readonly [number, number])[];
  readonly minutes: number;
  /** The maximum resident memory, in bytes. */
  readonly most: number;
}

function reportOf({ points, minutes, most }: Samples, traffic: Traffic, warmUp: Traffic): Report {
  const during = (what: keyof Traffic) => traffic[what] - warmUp[what];
  const { perUnit: growth, noise } = slope(points);
  const line = (label: string, unit: string, value: number, bar: Bar | null = null): Line => {
    return { label, unit, ours: [value], peer: null, peerName: '', bar };
  };
  const kilobytes = points.map(([, y]) => y);
  const count = (what: keyof Traffic) => during(what).toLocaleString('en');
  return {
    lines: [
      line('growth above noise', 'kB per minute', Math.max(0, growth - noise), oursAtMost(0)),
      line('growth', 'kB per minute', growth),
      line('noise, half of the 95 % interval', 'kB per minute', noise, oursAtMost(MOST_NOISE_KB)),
      line('growth per call', 'bytes per call', (growth * 1000 * minutes) / during('calls')),
      line('resident memory, first sample', 'MB', (kilobytes[0] ?? 0) / 1000),
      line('resident memory, last sample', 'MB', (kilobytes.at(-1) ?? 0) / 1000),
      line('resident memory, maximum', 'MB', most / 1e6),
    ],
    notes: [
      `Resident memory after a full garbage collection, sampled every ${LOOK_EVERY_MS / 1000} s while the server is ` +
        `idle. V8 keeps its compiled code, and the C library returns free memory. Growth is the slope of the least ` +
        `squares line through ${points.length} samples. By chance alone, one run in forty exceeds its noise.`,
      `In ${number(minutes)} minutes: ${count('calls')} calls, ${count('webSockets')} subscriptions over WebSocket ` +
        `and ${count('eventStreams')} over server-sent events, of which ${count('cutShort')} were closed or dropped ` +
        `before the end; ${count('queries')} queries. Before that, ${warmUp.calls.toLocaleString('en')} calls to warm ` +
        `up.`,
    ],
  };
}
