/** Files on their way to the server: how far they are, given up, tried again, and said without too many words. */
import { expect, test } from 'vitest';
import { drop, items, noise, slowUploads, trayOf, uploaded } from './building-on.ts';
import { seriousFindings } from './findings.ts';
import { describeStudio, patience, screenshot } from './harness.ts';

describeStudio('An upload', {}, (studio) => {
  test('tells its percent as it goes, and is there in the end', async () => {
    const page = await studio.open();
    await slowUploads(page, 300_000);
    await page.evaluate(`globalThis.spoken = [];
      new MutationObserver(([{ target }]) => spoken.push(target.textContent))
        .observe(document.querySelector('[role=status]'), { childList: true, characterData: true, subtree: true })`);
    await drop(page, await noise(900_000), { name: 'sea.png' });
    const bar = trayOf(page).getByRole('progressbar', { name: 'Upload of sea.png' });
    const seen = new Set<number>();
    await expect
      .poll(async () => {
        const now = await bar.getAttribute('aria-valuenow').catch(() => null);
        if (now !== null) seen.add(Number(now));
        return seen.size;
      }, patience)
      .toBeGreaterThan(3);
    expect(await bar.textContent()).toMatch(/^\d+ %$/u);
    expect(await seriousFindings(page)).toEqual([]);
    await screenshot(page, 'make-upload');
    await uploaded(page, 1);
    expect([...seen]).toEqual([...seen].sort((one, other) => one - other));
    // Said once, not at each percent.
    const spoken = await page.evaluate<string[]>('spoken');
    expect(spoken.filter((words) => words.includes('sea.png'))).toEqual(['Uploaded: sea.png']);
  });

  test('is cancelled, and nothing of it is left', async () => {
    const page = await studio.open();
    await slowUploads(page, 50_000);
    const ended = page.waitForEvent('requestfailed', (request) => request.method() === 'POST');
    await drop(page, await noise(900_000), { name: 'sand.png' });
    await items(page).getByRole('button', { name: 'Cancel the upload of sand.png' }).click();
    await ended;
    expect(await items(page).count()).toBe(0);
    expect(await page.evaluate('document.activeElement.id')).toBe('prompt');
  });

  test('that was cut off is tried again, and is stored once', async () => {
    const page = await studio.open();
    await page.route('**/graphql', (route) => {
      const isUpload = route.request().headers()['content-type']?.startsWith('multipart') === true;
      return isUpload ? route.abort() : route.fallback();
    });
    await drop(page, await noise(30_000), { name: 'dune.png' });
    const item = items(page).filter({ has: page.getByRole('img', { name: 'dune.png' }) });
    await item.getByText('The server cannot be reached.').waitFor({ state: 'attached' });
    await page.unroute('**/graphql');
    await item.getByRole('button', { name: 'Retry' }).click();
    await uploaded(page, 1);
    expect(await item.getByRole('button', { name: 'Retry' }).count()).toBe(0);
  });
});
