/** What is shown of each view, and how one comes there. */
import type { Page } from 'playwright-core';
import { apiAt } from './archive.ts';

export interface Place {
  /** Of the server, without a slash at the end. */
  readonly url: string;
  /** Of a server with an archive. */
  readonly familyImageId?: string;
  readonly conversationId?: string;
}

export interface View {
  /** The beginning of the names of its files. */
  readonly name: string;
  readonly isLightToo?: boolean;
  /** Of the narrowest screen that it is taken of. */
  readonly fromWidth?: number;
  show(page: Page, place: Place): Promise<void>;
}

const LOADED = '.tile-picture[data-loaded]';

async function open(page: Page, { url }: Place, view: string): Promise<void> {
  await page.goto(`${url}/#${view}`);
  await page.locator('#root > *').first().waitFor();
}

async function openGallery(page: Page, place: Place, view = '/'): Promise<void> {
  await open(page, place, view);
  await page.locator(LOADED).first().waitFor();
  await page.waitForTimeout(700);
}

async function openPicture(page: Page, place: Place): Promise<void> {
  await open(page, place, `/view/${place.familyImageId}`);
  await page.locator('.print-layer[data-loaded]').waitFor();
  await page.getByRole('region', { name: 'Family of this picture' }).waitFor();
}

/** Starts a call, and waits until its second partial image is there. It is cancelled behind `look`. */
async function develop(page: Page, place: Place): Promise<void> {
  await page.getByRole('img', { name: 'Live' }).waitFor();
  const input = {
    prompt: 'an owl over a frozen lake',
    options: { size: '1536x1024', quality: 'HIGH', partialImages: 3 },
  };
  const id = await apiAt(place.url).start(input);
  page.once('close', () => {
    // The server may be stopped by then.
    apiAt(place.url)
      .ask(CANCEL, { id })
      .catch(() => undefined);
  });
  await page.locator('main article img[data-loaded]').nth(1).waitFor();
}
const CANCEL = 'mutation ($id: ID!) { cancelGeneration(input: { callId: $id }) { __typename } }';

async function openGraphiql(page: Page, { url }: Place): Promise<void> {
  await page.goto(`${url}/graphql`);
  await page.getByRole('button', { name: 'Execute query' }).waitFor();
  await page.locator('.graphiql-query-editor [class*=mtk]').first().waitFor();
}

export const ofNewServer: readonly View[] = [
  {
    name: 'gallery-empty',
    show: async (page, place) => {
      await open(page, place, '/');
      await page.getByRole('img', { name: 'Live' }).waitFor();
    },
  },
];

export const ofServerWithKeys: readonly View[] = [
  {
    name: 'sign-in',
    show: async (page, place) => {
      await open(page, place, '/');
      await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
    },
  },
];

export const ofFilledServer: readonly View[] = [
  {
    name: 'gallery',
    isLightToo: true,
    show: async (page, place) => {
      await openGallery(page, place);
      await page.mouse.move(600, 5);
    },
  },
  { name: 'searching', show: (page, place) => openGallery(page, place, '/?q=sea') },
  {
    name: 'filters',
    show: async (page, place) => {
      await openGallery(page, place);
      await page.getByRole('button', { name: 'Filters' }).click();
    },
  },
  {
    name: 'selection',
    show: async (page, place) => {
      await openGallery(page, place);
      await page.locator('.tile-link').first().focus();
      for (const key of ['Space', 'ArrowRight', 'ArrowRight', 'Space', 'ArrowRight', 'Space'])
        await page.keyboard.press(key);
    },
  },
  {
    name: 'composer',
    isLightToo: true,
    show: async (page, place) => {
      await openGallery(page, place);
      await page.getByRole('textbox', { name: 'Prompt' }).fill('a paper boat on a puddle, seen from close by');
      await page.getByRole('button', { name: /^Options/u }).click();
      await page.locator('.estimate span').first().waitFor();
    },
  },
  {
    name: 'painter',
    show: async (page, place) => {
      await openPicture(page, place);
      await page.getByRole('main').getByRole('button', { name: 'Refine' }).click();
      await page.getByRole('button', { name: 'Paint on it' }).click();
      const painter = page.getByRole('dialog', { name: 'Paint on the picture' });
      const paper = await painter.getByRole('application').boundingBox();
      if (paper === null) throw new Error('The paper is not shown.');
      const at = (x: number, y: number) => [paper.x + paper.width * x, paper.y + paper.height * y] as const;
      await page.mouse.move(...at(0.55, 0.3));
      await page.mouse.down();
      for (const [x, y] of [
        [0.7, 0.25],
        [0.8, 0.35],
        [0.7, 0.45],
        [0.58, 0.38],
      ] as const)
        await page.mouse.move(...at(x, y), { steps: 6 });
      await page.mouse.up();
    },
  },
  { name: 'view', isLightToo: true, show: openPicture },
  {
    name: 'prompts',
    show: async (page, place) => {
      await openPicture(page, place);
      await page.getByText('What the model drew from it').click();
      await page.locator('.differences ins').first().waitFor();
    },
  },
  {
    name: 'family',
    show: async (page, place) => {
      await openPicture(page, place);
      await page.getByRole('region', { name: 'Family of this picture' }).scrollIntoViewIfNeeded();
      await page.evaluate("document.querySelector('.lineage').scrollIntoView({ block: 'center' })");
    },
  },
  {
    name: 'comparison',
    show: async (page, place) => {
      await openPicture(page, place);
      await page.getByRole('link', { name: 'Compare with its source' }).click();
      await page.getByRole('slider').waitFor();
      await page.evaluate('scrollTo(0, 0)');
    },
  },
  {
    name: 'conversation',
    isLightToo: true,
    show: async (page, place) => {
      await open(page, place, `/c/${place.conversationId}`);
      await page.locator('.developing .fading[data-loaded]').first().waitFor();
      await page.waitForTimeout(1_000);
    },
  },
  {
    name: 'conversations',
    show: async (page, place) => {
      await open(page, place, '/conversations');
      await page.locator('.card img').first().waitFor();
    },
  },
  {
    name: 'trash',
    show: async (page, place) => {
      await open(page, place, '/trash');
      await page.locator('main img').first().waitFor();
    },
  },
  {
    name: 'account',
    show: async (page, place) => {
      await openGallery(page, place);
      await page.getByRole('button', { name: 'Account' }).click();
      await page.getByText('All pictures so far').waitFor();
    },
  },
  // The last, because its calls are cancelled and leave conversations without a picture.
  {
    name: 'developing',
    show: async (page, place) => {
      await openGallery(page, place);
      await develop(page, place);
    },
  },
];

export const ofFailure: readonly View[] = [
  {
    name: 'failure',
    show: async (page, place) => {
      await openGallery(page, place);
      await page.getByRole('article', { name: /^Failed/u }).waitFor();
    },
  },
];

export const ofGraphiql: readonly View[] = [
  {
    name: 'graphiql',
    fromWidth: 1280,
    show: async (page, place) => {
      await openGraphiql(page, place);
      await page.getByRole('button', { name: 'Execute query' }).click();
      await page.locator('.result-window .view-line').first().waitFor();
    },
  },
];
