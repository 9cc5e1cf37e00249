/** Writes llms.txt, the index of the documentation for language models. With `--check` it fails when the file is out of date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { llmsText } from './pages.ts';

const file = new URL('../../llms.txt', import.meta.url);

if (!process.argv.includes('--check')) {
  writeFileSync(file, llmsText());
} else if (readFileSync(file, 'utf8') !== llmsText()) {
  console.error('llms.txt is out of date: run `npm run codegen` and commit the result.');
  process.exitCode = 1;
}
