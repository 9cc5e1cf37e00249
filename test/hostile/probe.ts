/**
 * Loaded into the process of a server, before its own code (`--import`). It measures from within how long the event loop
 * was held, and how much memory the process took, and tells both over a socket of its own.
 *
 * The time is that of the CPU, not of a clock: on a busy machine a process waits for its turn, which is not its fault.
 *
 * The memory is without V8's young generation. That grows to its full size, 134 MB, under any load, and says nothing of what
 * an input took (docs/decisions/2026-11-28-memory-of-hostile-input.md).
 */
import { createServer } from 'node:http';
import { getHeapSpaceStatistics } from 'node:v8';

const INTERVAL_MS = 5;

export interface Measures {
  /** The longest time on the CPU between two turns of the event loop, in milliseconds. */
  readonly longestTurnMs: number;
  /** The same by the clock, for people. */
  readonly longestTurnClockMs: number;
  /** The largest resident size since the last call, in bytes, without the young generation. */
  readonly peakBytes: number;
  /** The resident size now, without the young generation. */
  readonly residentBytes: number;
  /** The heap and the buffers in use. */
  readonly usedBytes: number;
}

let longestTurnMs = 0;
let longestTurnClockMs = 0;
let peakBytes = 0;
let lastMaxRssBytes = 0;
let maxYoungBytes = 0;
let lastCpuMs = cpuMs();
let lastClockMs = performance.now();

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function tick(): void {
  const cpu = cpuMs();
  const clock = performance.now();
  longestTurnMs = Math.max(longestTurnMs, cpu - lastCpuMs);
  longestTurnClockMs = Math.max(longestTurnClockMs, clock - lastClockMs - INTERVAL_MS);
  lastCpuMs = cpu;
  lastClockMs = clock;
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss() - youngBytes());
}

/** The largest size that the young generation ever had: V8 keeps its memory when it shrinks. */
function youngBytes(): number {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  maxYoungBytes = Math.max(maxYoungBytes, young?.space_size ?? 0);
  return maxYoungBytes;
}

/** The highest size that the process ever had, if that was since the last call: it may have been between two ticks. */
function newMaxRss(): number {
  const maxRssBytes = process.resourceUsage().maxRSS * 1024;
  const isNew = maxRssBytes > lastMaxRssBytes;
  lastMaxRssBytes = maxRssBytes;
  return isNew ? maxRssBytes - youngBytes() : 0;
}

function take(): Measures {
  tick();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const measures = {
    longestTurnMs: Math.round(longestTurnMs),
    longestTurnClockMs: Math.round(longestTurnClockMs),
    peakBytes: Math.max(peakBytes, newMaxRss()),
    residentBytes: rss - youngBytes(),
    usedBytes: heapUsed + external + arrayBuffers,
  };
  longestTurnMs = 0;
  longestTurnClockMs = 0;
  peakBytes = 0;
  return measures;
}

const socketPath = process.env['PROBE_SOCKET'];
if (socketPath !== undefined) {
  setInterval(tick, INTERVAL_MS).unref();
  createServer((request, response) => {
    if (request.url === '/collect') {
      globalThis.gc?.();
      lastCpuMs = cpuMs();
    }
    response.end(JSON.stringify(take()));
  })
    .listen(socketPath)
    .unref();
}
