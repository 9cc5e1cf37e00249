/** What @darkroom/client adds to a page. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, it } from 'vitest';

const CLIENT = join(import.meta.dirname, '../../client/src');
const MAX_BYTES = 3_000;

it.each([
  ['WebSocket', 'web-socket.ts', 'webSocket'],
  ['server-sent events', 'event-stream.ts', 'eventStream'],
])('is less than 3 kB, compressed, over %s', async (_, file, name) => {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-client-'));
  const entry = join(folder, 'entry.ts');
  await writeFile(
    entry,
    `export { createDarkroomClient } from '${CLIENT}/client.ts';
    export { ${name} } from '${CLIENT}/transports/${file}';`,
  );
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: folder,
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: { input: entry, preserveEntrySignatures: 'strict' },
    },
  });
  await rm(folder, { recursive: true });
  const files = 'output' in built ? built.output : [];
  const code = files.map((file) => (file.type === 'chunk' ? file.code : '')).join('');
  expect(code).toContain('generationEvents');
  expect(gzipSync(code, { level: 9 }).length).toBeLessThan(MAX_BYTES);
});
