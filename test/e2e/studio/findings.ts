/** What a page can be measured for: findings of axe-core, layout shifts, the scripts of its first load. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe-core finds that is serious or critical, one line each: the rule, and where. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, which the policy of the page does not concern.
  await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate<string[]>(`axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
    violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => id + ': ' + help + ' ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`);
}

/** Begins to add up the layout shifts of a page that nobody has caused by a click or a key. */
export async function watchLayoutShifts(page: Page): Promise<{ sum(): Promise<number> }> {
  await page.evaluate(`globalThis.shifts = [];
    new PerformanceObserver((list) => {
      for (const { hadRecentInput, value } of list.getEntries()) if (!hadRecentInput) shifts.push(value);
    }).observe({ type: 'layout-shift' })`);
  return { sum: () => page.evaluate<number>('shifts.reduce((sum, value) => sum + value, 0)') };
}

/** The paths of the scripts that the page has loaded. */
export function loadedScripts(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`[...new Set(performance.getEntriesByType('resource')
    .map(({ name }) => new URL(name).pathname).filter((path) => path.endsWith('.js')))]`);
}
