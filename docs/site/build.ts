/**
 * `npm run docs` builds the documentation as a static site in docs/site/dist. `-- --base /path/` is for a site that is not
 * served at the root of its host.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { problemsOf } from './check-built.ts';
import { preparePages } from './prepare.ts';

const { values } = parseArgs({ options: { base: { type: 'string', default: '/' } } });

preparePages();
const vitepress = join(import.meta.dirname, 'node_modules/vitepress/bin/vitepress.js');
execFileSync(process.execPath, [vitepress, 'build', import.meta.dirname, '--base', values.base], { stdio: 'inherit' });

const dist = join(import.meta.dirname, 'dist');
const problems = problemsOf(dist, values.base);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`The site is in ${dist}. Look at it with: npx --prefix docs/site vitepress preview docs/site`);
