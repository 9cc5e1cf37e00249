/**
 * `npm run screenshots [<name>…]`: what each view of Studio and GraphiQL looks like, at three widths, as the files of
 * docs/screenshots. A real server with the simulator, filled with an archive to be looked at, and a real Chromium.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { buildPage } from '../../../test/e2e/studio/built-page.ts';
import { findChromium, launchChromium } from '../../../test/support/chromium.ts';
import { newDataDir, startServer } from '../../../test/support/server.ts';
import { apiAt, fillArchive } from './archive.ts';
import {
  ofFailure,
  ofFilledServer,
  ofGraphiql,
  ofNewServer,
  ofServerWithKeys,
  type Place,
  type View,
} from './views.ts';

const FOLDER = join(import.meta.dirname, '../../screenshots');
const SCREENS = [
  { width: 390, height: 844, isMobile: true, hasTouch: true },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
/** Wider screens are kept smaller, as they are looked at. */
const KEPT_WIDTH = 1280;
const WEBP = { quality: 70, effort: 6 } as const;
/** The simulator draws in full, and its pictures come at once while the archive is filled. */
const FAST = { SIMULATOR_ART: 'detailed', SIMULATOR_DURATION_MS: '0' };
/** Slow enough to be seen while they develop. */
const SLOW = {
  SIMULATOR_ART: 'detailed',
  SIMULATOR_DURATION_MS: '9000',
  BUDGET_PER_DAY: '40',
  BUDGET_PER_MONTH: '500',
};

const names = process.argv.slice(2);
const chromium = findChromium();
if (chromium === null) throw new Error('There is no Chromium. Install it, or name it in CHROMIUM.');
await buildPage();
await mkdir(FOLDER, { recursive: true });
const browser = await launchChromium(chromium);
try {
  await takeOfNewServer(browser);
  await takeOfServerWithKeys(browser);
  await takeOfFilledServer(browser);
} finally {
  await browser.close();
}

async function takeOfNewServer(from: Browser): Promise<void> {
  await using server = await startServer();
  await takeAll(from, ofNewServer, { url: server.url });
}

async function takeOfServerWithKeys(from: Browser): Promise<void> {
  await using server = await startServer({ env: { AUTH: 'keys' } });
  await takeAll(from, ofServerWithKeys, { url: server.url });
}

async function takeOfFilledServer(from: Browser): Promise<void> {
  if ([...ofFilledServer, ...ofFailure, ...ofGraphiql].every((view) => !isAsked(view))) return;
  const dataDir = await newDataDir();
  try {
    const archive = await during(dataDir, FAST, fillArchive);
    await during(dataDir, SLOW, (url) => takeAll(from, ofFilledServer, { url, ...archive }));
    // Without a marker of the simulator in the prompt.
    await during(dataDir, { ...SLOW, SIMULATOR_SCENARIO: 'moderation-input' }, async (url) => {
      await apiAt(url).start({ prompt: 'a duel at dawn', options: { size: '1536x1024' } });
      await takeAll(from, ofFailure, { url });
    });
    await during(dataDir, FAST, (url) => takeAll(from, ofGraphiql, { url }));
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function during<T>(dataDir: string, env: Readonly<Record<string, string>>, work: (url: string) => Promise<T>) {
  const server = await startServer({ dataDir, env });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

function isAsked({ name }: View): boolean {
  return names.length === 0 || names.includes(name);
}

async function takeAll(from: Browser, views: readonly View[], place: Place): Promise<void> {
  for (const view of views.filter(isAsked)) {
    const screens = SCREENS.filter(({ width }) => width >= (view.fromWidth ?? 0));
    for (const screen of screens) await take(from, view, place, screen, 'dark');
    if (view.isLightToo === true) for (const screen of screens) await take(from, view, place, screen, 'light');
  }
}

async function take(
  from: Browser,
  { name, show }: View,
  place: Place,
  { width, height, ...kind }: (typeof SCREENS)[number],
  colorScheme: 'dark' | 'light',
): Promise<void> {
  const context = await from.newContext({ viewport: { width, height }, colorScheme, ...kind });
  context.setDefaultTimeout(20_000);
  try {
    const page = await context.newPage();
    await show(page, place);
    // Fonts, fades, and what follows the mouse.
    await page.waitForTimeout(1_200);
    const file = `${name}-${width}${colorScheme === 'light' ? '-light' : ''}.webp`;
    const image = sharp(await page.screenshot()).resize({ width: KEPT_WIDTH, withoutEnlargement: true });
    const { size } = await image.webp(WEBP).toFile(join(FOLDER, file));
    console.log(`${file}  ${Math.round(size / 1_000)} kB`);
  } finally {
    await context.close();
  }
}
