/** What a bundler makes of an entry module for a page. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const ROOT = join(import.meta.dirname, '../..');

/** As they are installed beside the entry module. */
const PACKAGES = [
  { find: /^@darkroom\/client$/u, replacement: join(ROOT, 'client/src/index.ts') },
  { find: /^@darkroom\/client\/(\w+)$/u, replacement: join(ROOT, 'client/src/$1.ts') },
  { find: /^react(-dom)?(?=\/|$)/u, replacement: join(ROOT, 'node_modules/react$1') },
];

/** @param entry the source of the entry module. @returns one minified script */
export async function bundle(entry: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-client-'));
  const input = join(folder, 'entry.ts');
  await writeFile(input, entry);
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: folder,
    resolve: { alias: PACKAGES },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: { input, preserveEntrySignatures: 'strict' },
    },
  });
  await rm(folder, { recursive: true });
  const files = 'output' in built ? built.output : [];
  return files.map((file) => (file.type === 'chunk' ? file.code : '')).join('');
}
