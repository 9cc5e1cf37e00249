/**
 * Reading the upstream stream with 2 MB partial images, compared with a plain read of the same body. Stored as the server stores
 * them: partial images are not synced, the image at the end is.
 */
import { startChild } from '../harness/child.ts';
import { newFolder } from '../harness/folders.ts';
import { atLeast, type Figures, interleave, type LineWords, lineOf, type Row } from '../harness/row.ts';
import { type Order, promptOf } from '../processes/order.ts';
import type { ReadingWay, StreamReaderApi } from '../processes/stream-reader.ts';

const PARTIAL_BYTES = 2_000_000;

export const readStream: Row = {
  name: 'read-stream',
  title: 'Reading the upstream stream, 2 MB partial images',
  async measure(bench, opened) {
    const partials = bench.scaled(40, 15);
    const { upstream } = bench;
    await upstream.call('prepare', PARTIAL_BYTES);
    const order: Order = { mode: 'flow', key: 'read', bytes: PARTIAL_BYTES, partials };
    // The body on the wire contains every partial image and, twice, the finished image.
    const wireMegabytes = ((partials + 2) * PARTIAL_BYTES * 4) / 3 / 1e6;

    const contender = async (way: ReadingWay): Promise<() => Promise<Figures>> => {
      const reader = opened.use(await startChild<StreamReaderApi>('processes/stream-reader.ts'));
      await reader.call('open', await newFolder());
      const read = () => reader.call('read', way, upstream.baseUrl, promptOf(order));
      await read();
      return async () => {
        const { wallMs, cpuMs, bytes } = await read();
        if (way !== 'plain' && bytes !== (partials + 1) * PARTIAL_BYTES) throw new Error(`${way}: ${bytes} bytes came`);
        return { speed: wireMegabytes / (wallMs / 1000), cpu: cpuMs / (partials + 1) };
      };
    };
    const rounds = await interleave(bench.scaled(9, 3), {
      decoded: await contender('decoded'),
      plain: await contender('plain'),
      stored: await contender('stored'),
      sdk: await contender('sdk'),
    });

    const peerName = 'plain read';
    const speed = { figure: 'speed', unit: 'MB/s', peerName } satisfies Partial<LineWords>;
    const cpu = { figure: 'cpu', unit: 'ms CPU per image', peerName, bar: null } satisfies Partial<LineWords>;
    return {
      lines: [
        lineOf(rounds.decoded, rounds.plain, { ...speed, label: 'decoded, with SHA-256', bar: atLeast(0.9) }),
        lineOf(rounds.stored, rounds.plain, { ...speed, label: 'decoded and stored', bar: atLeast(0.8) }),
        lineOf(rounds.sdk, rounds.plain, { ...speed, label: 'loop of the SDK', bar: null }),
        lineOf(rounds.decoded, rounds.plain, { ...cpu, label: 'decoded, with SHA-256' }),
        lineOf(rounds.stored, rounds.plain, { ...cpu, label: 'decoded and stored' }),
        lineOf(rounds.sdk, rounds.plain, { ...cpu, label: 'loop of the SDK' }),
      ],
    };
  },
};
