/**
 * Writes what is made of the sources: docs/models.md, and llms.txt, the index of the documentation for language models. With
 * `--check` it fails when one is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { modelsPage } from './models.ts';
import { llmsText } from './pages.ts';

const isCheck = process.argv.includes('--check');

// llms.txt quotes the pages: they come first.
for (const [name, text] of [
  ['docs/models.md', modelsPage],
  ['llms.txt', llmsText],
] as const) {
  const file = new URL(`../../${name}`, import.meta.url);
  if (!isCheck) {
    writeFileSync(file, text());
  } else if (readFileSync(file, 'utf8') !== text()) {
    console.error(`${name} is out of date: run \`npm run codegen\` and commit the result.`);
    process.exitCode = 1;
  }
}
