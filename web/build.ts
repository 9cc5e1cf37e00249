/** Builds the page, when npm has installed the packages. Without those for development there is no page, and the API works. */
try {
  const { build } = await import('vite');
  await build({ configFile: new URL('vite.config.ts', import.meta.url).pathname, logLevel: 'warn' });
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
  console.warn('The page is not built: its packages are not installed (npm ci installs them).');
}
