/** The trash: whole conversations come back with their pictures, however many there are. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousFindings } from './findings.ts';
import { describeStudio, generate, patience, screenshot, send } from './harness.ts';

const ARABIC = 'منارة في الضباب';

const tiles = (page: Page, list: string) =>
  page
    .getByRole('list', { name: list })
    .getByRole('listitem')
    .filter({ has: page.locator('[data-image]') });
const trashed = (page: Page) => page.getByRole('list', { name: 'Conversations in the trash' });

const CONVERSATION = 'query ($id: ID!) { image(id: $id) { conversation { id } } }';
const CREATE = `mutation ($title: String!) {
  createConversation(input: { title: $title }) { ... on CreateConversationSuccess { conversation { id } } ... on Error { code message } }
}`;
const DELETE = `mutation ($id: ID!) {
  deleteConversation(input: { conversationId: $id }) { ... on DeleteConversationSuccess { conversation { id } } ... on Error { code message } }
}`;

describeStudio('The trash', {}, (studio) => {
  test.each([390, 1280, 1920])('gives a conversation back with its pictures (%i px)', async (width) => {
    const prompt = `${ARABIC} ${width}`;
    const { imageIds } = await generate(studio.url, { prompt, count: 2 });
    const { image } = await send<{ image: { conversation: { id: string } } }>(studio.url, CONVERSATION, {
      id: imageIds[0],
    });
    await send(studio.url, DELETE, { id: image.conversation.id });
    const page = await studio.open({ width, height: 900, view: '/trash' });
    await trashed(page).locator('bdi').filter({ hasText: prompt }).waitFor();
    await screenshot(page, `trash-${width}`);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    await trashed(page)
      .getByRole('button', { name: `Restore ${prompt}` })
      .click();
    await page.getByText('The conversation is back.').first().waitFor();
    await page.getByRole('heading', { name: 'The trash is empty.' }).waitFor();
    await page.goto(`${studio.url}/#/?q=${width}`);
    await expect.poll(() => tiles(page, 'Pictures').count(), patience).toBe(2);
  });

  test('shows more conversations than fit one page', async () => {
    for (let number = 1; number <= 55; number += 1) {
      const { createConversation } = await send<{ createConversation: { conversation: { id: string } } }>(
        studio.url,
        CREATE,
        { title: `Draft ${number}` },
      );
      await send(studio.url, DELETE, { id: createConversation.conversation.id });
    }
    const page = await studio.open({ view: '/trash' });
    await page.getByRole('button', { name: 'More conversations' }).click();
    await trashed(page).getByRole('button', { name: 'Restore Draft 1', exact: true }).click();
    await expect
      .poll(
        () =>
          trashed(page)
            .getByRole('button', { name: /^Restore/u })
            .count(),
        patience,
      )
      .toBe(54);
    expect(await trashed(page).getByText('Draft 1', { exact: true }).count()).toBe(0);
  });
});
