/**
 * Writes schema.graphql and the files for clients beside it and the API reference. With `--check` it fails when one differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '../index.ts';
import { cacheRules, codegenScalars, possibleTypes } from './client-files.ts';
import { referencePages } from './reference.ts';

const sorted = lexicographicSortSchema(schema);

const reference = Object.entries(referencePages(sorted)).map(([name, text]) => [`docs/reference/${name}`, text]);
const files: Readonly<Record<string, string>> = {
  'schema/schema.graphql': `${printSchema(sorted)}\n`,
  'schema/possible-types.json': toJson(possibleTypes(sorted)),
  'schema/codegen-scalars.json': toJson(codegenScalars(sorted)),
  'schema/cache-rules.json': toJson(cacheRules(sorted)),
  ...Object.fromEntries(reference),
};

for (const [name, content] of Object.entries(files)) {
  const file = new URL(`../../${name}`, import.meta.url);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, content);
  } else if (contentOf(file) !== content) {
    console.error(`${name} is out of date: run \`npm run codegen\` and commit the result.`);
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
