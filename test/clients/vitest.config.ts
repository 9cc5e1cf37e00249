/** `npm run test:clients`: the app of docs/clients.md with client libraries, which `npm ci --prefix test/clients` installs. */
import { transformSync } from '@babel/core';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  // client/ is tested with the libraries that are installed here.
  resolve: { dedupe: ['@apollo/client', '@urql/core', 'graphql'] },
  plugins: [
    {
      name: 'relay',
      // As bundlers do it: each graphql tag becomes an import of what Relay's compiler made from it.
      transform: (code, id) => {
        if (!id.includes('/app/relay/') || !code.includes('graphql`')) return null;
        const result = transformSync(code, {
          filename: id,
          plugins: [['relay', { eagerEsModules: true }]],
          parserOpts: { plugins: ['typescript'] },
          configFile: false,
          cwd: import.meta.dirname,
        });
        return result?.code == null ? null : { code: result.code, map: null };
      },
      enforce: 'pre',
    },
  ],
  test: {
    name: 'clients',
    globalSetup: 'prepare.ts',
    setupFiles: ['fail-on-warnings.ts'],
    include: ['*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // The development builds of the libraries, with their warnings.
    execArgv: ['--conditions=development'],
  },
});
