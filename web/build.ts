/** Builds the page, when npm has installed the packages. Without those for development there is no page, and the API works. */
import { join } from 'node:path';

// Otherwise a test, or a shell with another value, would build the larger React for development.
process.env['NODE_ENV'] = 'production';

try {
  const { build } = await import('vite');
  await build({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn' });
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
  console.warn('The page is not built: its packages are not installed (npm ci installs them).');
}
