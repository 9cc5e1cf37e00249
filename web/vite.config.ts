/** How the page is built: files with hashes, each also compressed, for a server that only sends them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { graphcacheSchema } from './graphcache-schema.ts';

const SERVER = process.env['DARKROOM_URL'] ?? 'http://127.0.0.1:4000';

/** Beside each file that is text. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir = '' }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg)$/u.test(name)) continue;
        const path = join(dir, name);
        const bytes = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(bytes));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the page works below another path in front of a proxy.
  base: './',
  plugins: [graphcacheSchema(), compressed()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Nothing within the page itself: its policy allows no inline script, style or font.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    rolldownOptions: {
      onLog(level, log, report) {
        // Libraries mark their modules for servers that render, which there are none of here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
  server: {
    proxy: {
      '/graphql': { target: SERVER, ws: true },
      '/graphiql': SERVER,
      '/images': SERVER,
      '/export': SERVER,
    },
  },
});
