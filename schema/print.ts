/** Writes schema.graphql, and the files for clients beside it, from the code. With `--check` it fails when one differs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { cacheRules, codegenScalars, possibleTypes } from './client-files.ts';
import { schema } from './index.ts';

const sorted = lexicographicSortSchema(schema);

const files: Readonly<Record<string, string>> = {
  'schema.graphql': `${printSchema(sorted)}\n`,
  'possible-types.json': toJson(possibleTypes(sorted)),
  'codegen-scalars.json': toJson(codegenScalars(sorted)),
  'cache-rules.json': toJson(cacheRules(sorted)),
};

for (const [name, content] of Object.entries(files)) {
  const file = new URL(`./${name}`, import.meta.url);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, content);
  } else if (contentOf(file) !== content) {
    console.error(`schema/${name} is out of date: run \`npm run codegen\` and commit the result.`);
    process.exitCode = 1;
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Null when the file does not exist yet. */
function contentOf(file: URL): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
