/** A view that cannot be shown, as when the server was updated since the page was loaded. */
import { expect, test } from 'vitest';
import { describeStudio, patience } from './harness.ts';

describeStudio('A view that cannot be loaded', {}, (studio) => {
  test('says so in its place, and the rest of the page goes on', async () => {
    const page = await studio.open();
    await page.route('**/conversations-*.js', (route) => route.abort());
    await page.getByRole('link', { name: 'Conversations' }).click();
    const words = page.getByRole('alert').filter({ hasText: 'This view cannot be shown' });
    await words.waitFor(patience);
    await page.getByRole('link', { name: 'Trash' }).click();
    await expect.poll(() => words.count(), patience).toBe(0);
    await page.unroute('**/conversations-*.js');
    await page.getByRole('link', { name: 'Conversations' }).click();
    await words.getByRole('button', { name: 'Load the page again' }).click();
    await page.getByRole('heading', { name: 'Conversations' }).waitFor(patience);
    // The browser tells what was not loaded.
    studio.complaints.length = 0;
  });
});
