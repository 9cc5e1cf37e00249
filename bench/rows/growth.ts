/** What becomes slower with more data: the server compared with itself, with much data and with little. */
import { makeArchive } from '../harness/archive.ts';
import { startChild } from '../harness/child.ts';
import { startDarkroom } from '../harness/darkroom.ts';
import { newFolder } from '../harness/folders.ts';
import { untilIdle } from '../harness/process-facts.ts';
import type { Row } from '../harness/row.ts';
import type { StopwatchApi } from '../processes/stopwatch.ts';
import { measureArchives } from './growth-of-archive.ts';
import { measureTurns } from './growth-of-conversation.ts';
import { addLongCalls, measureReplays } from './growth-of-log.ts';

const SMALL = 1_000;

export const growth: Row = {
  name: 'growth',
  title: 'Growth: pages, filters, search, counts, nodes, turns and replays, with much data compared with little',
  async measure(bench, opened) {
    const large = bench.scaled(1_000_000, 3_000);
    const [few, many] = [SMALL, large].map((images) => images.toLocaleString('en'));

    async function folderWith(images: number): Promise<string> {
      const folder = await newFolder();
      await makeArchive(folder, images);
      return folder;
    }
    bench.say(`archives of ${few} and ${many} images`);
    const smallFolder = await folderWith(SMALL);
    const largeFolder = await folderWith(large);
    const calls = addLongCalls(smallFolder, SMALL);

    const smallServer = opened.use(await startDarkroom(bench, { dataDir: smallFolder }));
    const largeServer = opened.use(await startDarkroom(bench, { dataDir: largeFolder }));
    // After its start, a server searches for unreferenced files and reads all rows for that.
    await untilIdle(largeServer.pid, 500);
    const stopwatch = opened.use(await startChild<StopwatchApi>('processes/stopwatch.ts'));

    const archives = { large: { images: large, server: largeServer }, small: { images: SMALL, server: smallServer } };
    const lines = [
      ...(await measureArchives(bench, stopwatch, archives)),
      ...(await measureReplays(bench, stopwatch, smallServer, calls)),
      ...(await measureTurns(bench, stopwatch, smallServer)),
    ];
    return {
      lines,
      notes: [
        `Pages, lists and nodes: ${many} images compared with ${few}, sequential requests over one connection.`,
        'Search and filters: every prompt has the common words; one image in twenty is a favourite, has the tag, the format and the model.',
        'A turn: from `refineImage` until the subscriber has the terminal event. The conversation keeps growing.',
      ],
    };
  },
};
