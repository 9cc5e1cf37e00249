/** What @darkroom/client adds to a page. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundle } from './bundle.ts';

const CLIENT = join(import.meta.dirname, '../../client/src');
const MAX_BYTES = 3_000;

it.each([
  ['WebSocket', 'web-socket.ts', 'webSocket'],
  ['server-sent events', 'event-stream.ts', 'eventStream'],
])('is less than 3 kB, compressed, over %s', async (_, file, name) => {
  const code = await bundle(`
    export { createDarkroomClient } from '${CLIENT}/client.ts';
    export { ${name} } from '${CLIENT}/transports/${file}';
  `);
  expect(code).toContain('generationEvents');
  expect(gzipSync(code, { level: 9 }).length).toBeLessThan(MAX_BYTES);
});
