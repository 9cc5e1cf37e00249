/**
 * `npm run build` makes the bundle (beside the page of `web`), and so does a server that `npm start` has started from changed
 * sources (`remake-later.js`), with the lowest priority. Without the packages for development there is no bundle, and the
 * server starts from its sources.
 */
import { setPriority } from 'node:os';
import { join } from 'node:path';

if (process.argv.includes('--in-background')) setPriority(19);

try {
  const { makeBundle } = await import('./make-bundle.ts');
  const isUsed = await makeBundle(join(import.meta.dirname, '../..'));
  if (!isUsed) console.warn('The bundle is not used: files changed while it was made. npm run build makes it again.');
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
  console.warn('The bundle is not made: its packages are not installed (npm ci installs them).');
}
