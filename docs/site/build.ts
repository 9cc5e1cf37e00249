/**
 * `npm run docs` builds the documentation as a static site in docs/site/dist. `-- --base /path/` is for a site that is not
 * served at the root of its host.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { problemsOf } from './check-built.ts';
import { preparePages } from './prepare.ts';

const { values } = parseArgs({
  options: { base: { type: 'string', default: '/' }, help: { type: 'boolean', short: 'h', default: false } },
});
if (values.help) {
  console.log(`Builds the documentation as a static site in docs/site/dist. A dead link fails it.

  npm run docs
  npm run docs -- --base /path/

  --base <path>  where the site is served, if not at the root of its host`);
  process.exit(0);
}

preparePages();
const vitepress = join(import.meta.dirname, 'node_modules/vitepress/bin/vitepress.js');
execFileSync(process.execPath, [vitepress, 'build', import.meta.dirname, '--base', values.base], { stdio: 'inherit' });

const dist = join(import.meta.dirname, 'dist');
const problems = problemsOf(dist, values.base);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`The site is in ${dist}. Look at it with: npx --prefix docs/site vitepress preview docs/site`);
