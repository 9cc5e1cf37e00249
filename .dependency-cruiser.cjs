// Who may import whom. `npm run check` enforces it; test/yard/import-rules.test.ts plants a violation of each rule.

/** Files that talk to the world outside: one interface, one file a driver. Only the composition root picks them. */
const DRIVERS =
  '^src/(db/sqlite[a-z-]*\\.ts|blobs/(file-blobs|file-blob-writer|free-space|inspect|examine|mask)\\.ts|queue/|provider/openai/|simulator/simulator\\.ts)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle is one room with a wall through it; types count, since they are read together too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'only-app-imports-schema',
      comment: 'The server serves a schema; which one is for the composition root to say.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/app\\.ts$' },
      to: { path: '^schema/' },
    },
    {
      name: 'only-app-imports-drivers',
      comment:
        'Everything else sees interfaces, so that another driver can stand behind them. Commands on the files themselves are their own roots.',
      severity: 'error',
      from: {
        path: '^(src|schema)/',
        pathNot: ['^src/(app|cli/(simulate|backup|restore))\\.ts$', DRIVERS, '^src/simulator/'],
      },
      to: { path: DRIVERS },
    },
    {
      name: 'schema-sees-domain',
      comment: 'Resolvers reach the server through their context: the schema prints without opening anything.',
      severity: 'error',
      from: { path: '^schema/', pathNot: '^schema/context\\.ts$' },
      to: { path: '^src/', pathNot: '^src/domain/' },
    },
    {
      name: 'schema-context-by-type',
      comment: 'The context names what resolvers can reach by its types alone.',
      severity: 'error',
      from: { path: '^schema/context\\.ts$' },
      to: { path: '^src/', pathNot: '^src/domain/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-is-pure',
      comment:
        'The words of the project depend on nothing, and everything may depend on them; numbers for money are no part ' +
        'of the language, so a library of decimals is let in.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/|node_modules/(@types/)?big\\.js/' },
    },
    {
      name: 'db-sees-domain',
      comment: 'Rows become domain values; what they mean is the business of others.',
      severity: 'error',
      from: { path: '^src/db/' },
      to: { path: '^src/', pathNot: '^src/(db|domain)/' },
    },
    {
      name: 'events-below-engine',
      comment: 'The log takes events and gives them back; who makes them it does not know.',
      severity: 'error',
      from: { path: '^src/events/' },
      to: { path: '^src/', pathNot: '^src/(events|db|domain)/' },
    },
    {
      name: 'engine-below-http',
      comment: 'Generations go on when nobody asks over HTTP.',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { path: '^src/', pathNot: '^src/(engine|events|db|domain|blobs|provider)/' },
    },
    {
      name: 'http-gets-what-it-serves',
      comment:
        'What is served is handed in by the composition root; memory for the bytes of pictures is one pool for all.',
      severity: 'error',
      from: { path: '^src/http/' },
      to: { path: '^src/', pathNot: '^src/(http|domain|blobs/(blob-store|buffers)\\.ts)' },
    },
    {
      name: 'only-provider-imports-openai',
      comment: "The SDK's types change with minor versions: they stay behind one folder.",
      severity: 'error',
      from: { path: '^(src|schema)/', pathNot: '^src/provider/openai/' },
      to: { path: '(^|/)node_modules/openai/' },
    },
    {
      name: 'provider-stands-apart',
      comment: 'An upstream is spoken to in the words of its interface and of the domain.',
      severity: 'error',
      from: { path: '^src/provider/' },
      to: { path: '^(src|schema)/', pathNot: '^src/(provider|domain)/' },
    },
    {
      name: 'simulator-stands-alone',
      comment: 'The stand-in for the upstream must not know who asks.',
      severity: 'error',
      from: { path: '^src/simulator/' },
      to: { path: '^(src|schema)/', pathNot: '^src/simulator/' },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'What runs in production is installed in production.',
      severity: 'error',
      from: { path: '^(src|schema)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(^|/)node_modules/@types/' },
    },
    {
      name: 'no-tests-in-sources',
      comment: 'Tests see the sources, never the other way round.',
      severity: 'error',
      from: { path: '^(src|schema)/' },
      to: { path: '^test/' },
    },
    {
      name: 'nothing-unresolved',
      comment: 'A path that leads nowhere would otherwise only show at run time.',
      severity: 'error',
      from: {},
      // Types only: the package has no code to resolve.
      to: { couldNotResolve: true, pathNot: '^@graphql-typed-document-node/core$' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
