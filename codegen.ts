/** Types for every document that our own clients send: the command line's and the tests'. Run by `npm run codegen`. */
import type { CodegenConfig } from '@graphql-codegen/cli';

/** One folder of generated types for each client, from the documents in its sources. */
const client = (documents: string[]): CodegenConfig['generates'][string] => ({
  documents,
  preset: 'client',
  presetConfig: { fragmentMasking: false },
  config: {
    // Node runs the generated files as they are: strings instead of parsed documents, no enums, types erased.
    documentMode: 'string',
    enumType: 'string-literal',
    useTypeImports: true,
    importExtension: '.ts',
    immutableTypes: true,
    strictScalars: true,
    defaultScalarType: 'unknown',
    // The file of an upload stands beside the variables: there is a null in its place.
    scalars: { DateTime: 'string', URL: 'string', ImageSize: 'string', Decimal: 'string', Upload: 'null' },
  },
});

const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  generates: {
    'src/cli/gql/': client(['src/cli/*.ts']),
    'test/support/gql/': client(['test/**/*.ts', '!test/support/gql/**']),
  },
};

export default config;
