// Who may import whom. `npm run check` enforces it; test/architecture/import-rules.test.ts plants a violation of each
// rule. The table in CONTRIBUTING.md describes the same layout in words.

/**
 * A driver implements one interface (`src/<room>/<interface>.ts`) with one technology. The image decoders and the
 * OpenAI provider are drivers too, in rooms of their own.
 */
const DRIVERS =
  '^src/([a-z]+/drivers/|images/(probe|validate|mask|markup|overlay-pixels|variants/render)\\.ts|provider/openai/|simulator/simulator\\.ts|auth/drivers/)';

/** The composition root, and the commands that work on the files of a stopped or running server directly. */
const ROOTS = ['^src/app/', '^src/cli/(simulate|backup|restore|budgets)\\.ts$'];

/**
 * A rule that names everything of ours that a room may import.
 * @param {string} room folder below src
 * @param {readonly string[]} allowed folders (or files) below src, as regular expressions
 * @param {string} comment
 */
function roomSees(room, allowed, comment) {
  return {
    name: `${room}-sees`,
    comment,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: { path: '^(src|schema)/', pathNot: `^src/(${[room, ...allowed].map((path) => `${path}`).join('|')})` },
  };
}

/**
 * A rule that names who may import query files that do not check the principal; src/app may always.
 * test/storage/portable-queries.test.ts lists the same files.
 * @param {string} name
 * @param {string} files names below src/db/queries, as a regular expression
 * @param {readonly string[]} allowed folders (or files) below src, as regular expressions
 * @param {string} comment
 */
function fence(name, files, allowed, comment) {
  return {
    name: `fenced-${name}`,
    comment,
    severity: 'error',
    from: { path: '^(src|schema)/', pathNot: ['app/', ...allowed].map((path) => `^src/${path}`) },
    to: { path: `^src/db/queries/${files}\\.ts$` },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files of a cycle cannot be understood, tested or moved one by one. Types count as well.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'only-app-imports-schema',
      comment: 'The composition root decides which schema is served.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/app/' },
      to: { path: '^schema/' },
    },
    {
      name: 'only-app-imports-drivers',
      comment: 'Everything else depends on interfaces, so that a driver can be replaced.',
      severity: 'error',
      from: { path: '^(src|schema)/', pathNot: [...ROOTS, DRIVERS, '^src/simulator/'] },
      to: { path: DRIVERS },
    },
    {
      name: 'schema-sees-domain',
      comment: 'Resolvers reach the server through their context, so that printing the schema opens nothing.',
      severity: 'error',
      from: { path: '^schema/', pathNot: '^schema/context\\.ts$' },
      to: { path: '^src/', pathNot: '^src/domain/' },
    },
    {
      name: 'schema-context-by-type',
      comment: 'The context names what resolvers can reach, by type only.',
      severity: 'error',
      from: { path: '^schema/context\\.ts$' },
      to: { path: '^src/', pathNot: '^src/domain/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-is-pure',
      comment: 'The domain depends on nothing of ours, and of libraries only on decimals, for money.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/|node_modules/(@types/)?big\\.js/' },
    },
    roomSees('lib', [], 'Primitives know nothing of this project.'),
    roomSees('auth', ['domain/', 'lib/'], 'Who is asking is found out from credentials alone.'),
    roomSees('bundle', [], 'It is found before anything else is loaded.'),
    roomSees('config', ['domain/'], 'The environment becomes values; what is built from them is decided elsewhere.'),
    roomSees('db', ['domain/', 'lib/'], 'Queries turn rows into domain values and decide nothing.'),
    {
      name: 'only-engine-imports-engine-queries',
      comment:
        'These queries read and write rows by id alone, of any principal. What runs for a client uses queries that ' +
        'check the principal (promise 10).',
      severity: 'error',
      from: {
        path: '^(src|schema)/',
        pathNot: [
          '^src/(runner|state|billing|maintenance|app)/',
          '^src/cli/(backup|restore|budgets)\\.ts$',
          '^src/db/queries/engine/',
        ],
      },
      to: { path: '^src/db/queries/engine/' },
    },
    fence(
      'key-queries',
      'api-keys',
      ['commands/api-keys\\.ts'],
      'API keys are read by id, before anybody knows the principal: for authentication and for operators only.',
    ),
    fence(
      'approval-queries',
      'approvals',
      ['commands/approvals\\.ts'],
      'Administrators see the calls of all principals that wait for approval. Nobody else may.',
    ),
    roomSees('blobs', ['domain/', 'lib/'], 'Stored bytes know nothing of calls.'),
    roomSees('events', ['db/', 'domain/', 'lib/'], 'The log stores events and reads them; others decide what happens.'),
    roomSees(
      'limits',
      ['auth/authenticate\\.ts', 'domain/', 'http/admission/client-address\\.ts', 'lib/'],
      'Limits count for clients; what is counted is decided where it happens.',
    ),
    roomSees('queue', ['domain/', 'lib/'], 'The queue orders work; it does not know what the work is.'),
    roomSees('provider', ['domain/', 'lib/'], 'An upstream is described in the terms of its interface and the domain.'),
    roomSees('images', ['blobs/', 'db/', 'domain/', 'lib/', 'provider/image-provider\\.ts'], 'Pixels, not calls.'),
    roomSees(
      'state',
      ['billing/reservations\\.ts', 'db/', 'domain/', 'events/', 'lib/'],
      'The only writer of a call’s state. The end of a call closes its reservation in the same transaction.',
    ),
    roomSees(
      'billing',
      ['db/', 'domain/', 'lib/', 'provider/image-provider\\.ts', 'state/machine\\.ts'],
      'What a request bought follows from how it ended; the runner says how, and billing does not know the runner.',
    ),
    roomSees(
      'commands',
      [
        'billing/',
        'blobs/',
        'db/',
        'domain/',
        'events/',
        'images/',
        'lib/',
        'provider/image-provider\\.ts',
        'queue/',
        'runner/',
        'state/',
      ],
      'Commands are the write side of the API; they do not know over which transport they are called.',
    ),
    roomSees(
      'runner',
      [
        'billing/',
        'blobs/',
        'db/',
        'domain/',
        'events/',
        'images/',
        'lib/',
        'provider/image-provider\\.ts',
        'queue/',
        'state/',
      ],
      'Generations run whether or not a client is connected; commands use the runner, never the other way round.',
    ),
    roomSees(
      'maintenance',
      ['blobs/', 'db/', 'domain/', 'lib/', 'state/archive\\.ts'],
      'Housekeeping works on stored rows and bytes, and records what it deletes.',
    ),
    roomSees(
      'graphql',
      ['auth/authenticate.ts', 'domain/', 'lib/', 'limits/', 'http/(admission/admission|origins)\\.ts'],
      'The schema and its context are passed in by src/app.',
    ),
    roomSees(
      'http',
      ['auth/authenticate\\.ts', 'blobs/blob-store\\.ts', 'domain/', 'graphql/', 'lib/'],
      'What is served is passed in by src/app.',
    ),
    {
      name: 'only-provider-imports-openai',
      comment: "The SDK's types change with minor versions, so they stay in one folder.",
      severity: 'error',
      from: { path: '^(src|schema)/', pathNot: '^src/provider/openai/' },
      to: { path: '(^|/)node_modules/openai/' },
    },
    {
      name: 'simulator-stands-alone',
      comment: 'The simulator is a stand-in for the upstream over HTTP: it must not know its client.',
      severity: 'error',
      from: { path: '^src/simulator/' },
      to: { path: '^(src|schema)/', pathNot: '^src/simulator/' },
    },
    {
      name: 'simulator-has-one-entry',
      comment: 'The simulator is used through simulator.ts alone, as if it were a package.',
      severity: 'error',
      from: { path: '^(src|schema)/', pathNot: '^src/simulator/' },
      to: { path: '^src/simulator/', pathNot: '^src/simulator/simulator\\.ts$' },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'What runs in production is installed in production. The bundle is made beforehand, or not at all.',
      severity: 'error',
      from: { path: '^(src|schema)/', pathNot: '^src/bundle/make-bundle\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(^|/)node_modules/@types/' },
    },
    {
      name: 'no-tests-in-sources',
      comment: 'Tests import the sources, never the other way round.',
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
