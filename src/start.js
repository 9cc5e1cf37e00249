/**
 * What `npm start` runs: `main.ts`, out of the bundle when it was made of exactly these sources and packages, and otherwise
 * the sources (docs/decisions/2026-11-28-start-from-a-bundle.md). It is JavaScript because Node loads its compiler for types
 * before it reads any TypeScript entry point, which takes longer than all that is done here.
 */
import { enableCompileCache, setSourceMapsSupport } from 'node:module';
import { join } from 'node:path';
import { findBundle } from './bundle/find-bundle.js';
import { remakeLater } from './bundle/remake-later.js';

const root = join(import.meta.dirname, '..');
// As main.ts does, before anything large is loaded.
enableCompileCache(join(root, 'node_modules/.cache/compile'));

const bundle = findBundle(root);
if (bundle === null) {
  // Services and tests that start a file run it as it is. Who runs npm has the packages to make the bundle.
  if (process.env['npm_lifecycle_event'] === 'start') remakeLater(root);
  await import('./main.ts');
} else {
  // Errors name the sources.
  setSourceMapsSupport(true);
  await import(bundle);
}
