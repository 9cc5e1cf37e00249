/** Who uses the page, what it costs them, and how it looks. */
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';

import { runMain } from '../../support/server.ts';
import { seriousFindings } from './findings.ts';
import { describeStudio, generate, patience, screenshot, signIn } from './harness.ts';

const LOOKS = [
  { width: 390, height: 800, colorScheme: 'dark' },
  { width: 1024, height: 768, colorScheme: 'light' },
  { width: 1920, height: 1080, colorScheme: 'dark' },
] as const;

describeStudio('The page of a server that asks for credentials', { env: { AUTH: 'keys' } }, (studio) => {
  const panel = (page: Page) => page.getByRole('dialog', { name: 'Sign in' });

  test.each(LOOKS)('asks for a key or token ($width px, $colorScheme)', async ({ width, ...look }) => {
    const page = await studio.open({ width, ...look });
    await panel(page).getByText('This darkroom asks who you are.', { exact: false }).waitFor();
    expect(await page.evaluate("document.activeElement.id === 'sign-in-token'")).toBe(true);
    await screenshot(page, `sign-in-${width}-${look.colorScheme}`);
    expect(await seriousFindings(page)).toEqual([]);
    // There is nothing to see without it.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await panel(page).waitFor();
    expect(await page.evaluate("document.activeElement.id === 'sign-in-token'")).toBe(true);
  });

  test('says why a key is not accepted, and keeps nothing of it', async () => {
    const page = await studio.open();
    await panel(page).getByRole('button', { name: 'Sign in' }).click();
    await panel(page).getByText('Enter a key or token.').waitFor();
    for (const wrong of ['dk_wrong', 'ключ']) {
      await panel(page).getByLabel('API key or token').fill(wrong);
      await page.keyboard.press('Enter');
      await panel(page)
        .getByText(/not accept this key or token|not a key or token/u)
        .waitFor();
    }
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  test('shows what belongs to the key, for as long as the tab is open, until somebody signs out', async () => {
    const key = await studio.createKey('anna', 'read,generate,cost');
    await generate(studio.url, { prompt: 'a fig' }, key);
    const page = await studio.open();
    await signIn(page, key);
    await page.getByRole('img', { name: /a fig/u }).waitFor();
    await page.getByRole('img', { name: 'Live' }).waitFor();
    await page.reload();
    await page.getByRole('img', { name: /a fig/u }).waitFor();
    expect(await page.evaluate('localStorage.length + document.cookie.length')).toBe(0);

    const other = await studio.open();
    await panel(other).waitFor();

    await page.getByRole('button', { name: 'Account' }).click();
    const account = page.getByRole('dialog', { name: 'Account' });
    await account.getByRole('heading', { name: 'anna' }).waitFor();
    await account.getByRole('button', { name: 'Sign out' }).click();
    await panel(page).waitFor();
    expect(await page.getByRole('img', { name: /a fig/u }).count()).toBe(0);
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  test('asks again when the key ends, and does not try it again and again', async () => {
    const key = await studio.createKey('boris', 'read,generate');
    const page = await studio.open();
    await signIn(page, key);
    await page.getByRole('img', { name: 'Live' }).waitFor();
    const { stdout } = await runMain(['keys', 'list'], { DATA_DIR: studio.server.dataDir });
    const id = /(\S+)\s+boris/u.exec(stdout)?.[1] ?? '';
    await runMain(['keys', 'revoke', id], { DATA_DIR: studio.server.dataDir });
    await panel(page).waitFor({ timeout: 20_000 });
    let requests = 0;
    page.on('request', () => {
      requests += 1;
    });
    await page.waitForTimeout(5_000);
    expect(requests).toBeLessThanOrEqual(1);
    await signIn(page, await studio.createKey('boris', 'read'));
    await page.getByRole('img', { name: 'Live' }).waitFor();
  });

  test('shows no costs to a key that may not see them', async () => {
    const page = await studio.open();
    await signIn(page, await studio.createKey('clara', 'read'));
    await page.getByRole('button', { name: 'Account' }).click();
    const account = page.getByRole('dialog', { name: 'Account' });
    await account.getByRole('heading', { name: 'clara' }).waitFor();
    expect(await account.getByRole('region', { name: 'Costs' }).count()).toBe(0);
  });
});

const BUDGETS = { BUDGET_PER_DAY: '5' };

describeStudio('The account of a server for everybody on this machine', { env: BUDGETS }, (studio) => {
  test.each(LOOKS)('says what was spent and what is left ($width px, $colorScheme)', async ({ width, ...look }) => {
    await generate(studio.url, { prompt: 'a melon' });
    const page = await studio.open({ width, ...look });
    await page.getByRole('button', { name: 'Account' }).click();
    const account = page.getByRole('dialog', { name: 'Account' });
    await account.getByText('All pictures so far').waitFor();
    await account.getByText(/left until/u).waitFor();
    await screenshot(page, `account-${width}-${look.colorScheme}`);
    expect(await seriousFindings(page)).toEqual([]);
    expect(await account.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
  });

  describe('the look', () => {
    const ground = (page: Page) => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');

    test('is that of the system until somebody chooses one, which is kept', async () => {
      const page = await studio.open({ colorScheme: 'light' });
      const light = await ground(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      const dark = await ground(page);
      expect(dark).not.toBe(light);
      await page.getByRole('button', { name: 'Account' }).click();
      await page.getByRole('radio', { name: 'Light' }).check();
      await expect.poll(() => ground(page), patience).toBe(light);
      await page.reload();
      await page.getByRole('button', { name: 'Account' }).waitFor();
      expect(await ground(page)).toBe(light);
    });
  });

  test('is opened and left with the keyboard alone', async () => {
    const page = await studio.open();
    const button = page.getByRole('button', { name: 'Account' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Account' }).getByRole('link', { name: 'Open GraphiQL' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate("document.activeElement.closest('#account') !== null")).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Account' }).waitFor({ state: 'hidden' });
    expect(await button.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  });
});

/** What was spent on days before today, by their distance from it; the server has counted it as if it had been so. */
function spendBefore(dataDir: string, days: Readonly<Record<number, number>>): void {
  const database = new SQLite(join(dataDir, 'darkroom.sqlite'));
  const insert = database.prepare(
    `insert into spending (subject, period, spent, reserved, charged, charged_calls) values ('principal:local', ?, ?, 0, ?, 1)`,
  );
  for (const [ago, cents] of Object.entries(days)) {
    const date = new Date(Date.now() - Number(ago) * 86_400_000).toISOString().slice(0, 10);
    insert.run(date, cents * 1e10, cents * 1e10);
  }
  database.close();
}

describeStudio('The account of a server without budgets', {}, (studio) => {
  test('says what was spent today and this month, day by day, and goes on while calls end', async () => {
    spendBefore(studio.server.dataDir, { 29: 4, 23: 31, 22: 12, 17: 55, 16: 1, 9: 80, 8: 22, 3: 40, 1: 17 });
    await generate(studio.url, { prompt: 'a melon' });
    for (const look of [
      { width: 390, height: 800, colorScheme: 'dark' },
      { width: 1280, height: 800, colorScheme: 'light' },
    ] as const) {
      const page = await studio.open(look);
      await page.getByRole('button', { name: 'Account' }).click();
      const costs = page.getByRole('region', { name: 'Costs' });
      await costs.getByRole('img', { name: /^Spent in the last 30 days, the most on .*: \$0\.80$/u }).waitFor();
      expect(await costs.locator('rect').count()).toBe(30);
      await screenshot(page, `account-days-${look.width}-${look.colorScheme}`);
      expect(await seriousFindings(page)).toEqual([]);
      const today = costs.locator('dl > div', { hasText: 'Today' });
      const before = await today.innerText();
      expect(before).toMatch(/\$0\.\d/u);
      await generate(studio.url, { prompt: 'another melon', count: 2 });
      await expect.poll(() => today.innerText(), patience).not.toBe(before);
      await costs.getByText('This month').waitFor();
    }
  });
});
