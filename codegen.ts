/** Generates types for the documents of the command line and of the tests. Run by `npm run codegen`. */
import type { CodegenConfig } from '@graphql-codegen/cli';
import { preset as clientPreset } from '@graphql-codegen/client-preset';
import scalars from './schema/codegen-scalars.json' with { type: 'json' };

/** The client preset, with a typed document lookup in place of its `any`. */
const preset: typeof clientPreset = {
  ...clientPreset,
  async buildGeneratesSection(options) {
    const files = await clientPreset.buildGeneratesSection(options);
    return files.map((file) => ({ ...file, pluginMap: mapValues(file.pluginMap, withTypedLookup) }));
  },
};

type Plugin = Parameters<typeof clientPreset.buildGeneratesSection>[0]['pluginMap'][string];

function withTypedLookup(plugin: Plugin): Plugin {
  return {
    ...plugin,
    async plugin(...args) {
      const output = await plugin.plugin(...args);
      if (typeof output !== 'string') return output;
      return output.replace('(documents as any)', '(documents as Readonly<Record<string, unknown>>)');
    },
  };
}

function mapValues<Value>(record: Readonly<Record<string, Value>>, change: (value: Value) => Value) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

/** One folder of generated types for each client, from the documents in its sources. */
const client = (documents: string[]): CodegenConfig['generates'][string] => ({
  documents,
  preset,
  presetConfig: { fragmentMasking: false },
  config: {
    // Node runs the generated files by type stripping, so they contain no enums, and documents as strings.
    documentMode: 'string',
    enumType: 'string-literal',
    useTypeImports: true,
    importExtension: '.ts',
    immutableTypes: true,
    strictScalars: true,
    defaultScalarType: 'unknown',
    // In a multipart request, the variable of an upload is null; the file is a separate field.
    scalars: { ...scalars, Upload: 'null' },
  },
});

const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  generates: {
    'client/src/gql/': client(['client/src/*.graphql']),
    'web/src/gql/': client(['web/src/**/*.graphql']),
    'src/cli/generate/gql/': client(['src/cli/generate/*.ts']),
    'test/support/gql/': client(['test/**/*.ts', '!test/support/gql/**', '!test/clients/**']),
  },
};

export default config;
