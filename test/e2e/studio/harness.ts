/**
 * The page in a real browser, served by a real server process. Each file of tests has a server and a browser of its own:
 *
 *   describeStudio('The gallery', {}, (studio) => {
 *     test('shows a new picture', async () => {
 *       await generate(studio.url, { prompt: 'a pear' });
 *       const page = await studio.open();
 *       …
 *
 * A test fails when the page throws, logs an error, asks another server for something, or breaks its content security policy.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, launchChromium } from '../../support/chromium.ts';
import { newDataDir, runMain, startServer, type TestServer } from '../../support/server.ts';
import { buildPage } from './built-page.ts';

const chromium = findChromium();
if (chromium === null) console.warn('Studio is not tested: no Chromium is installed, and CHROMIUM names none.');

/** How long a test waits for something, as `expect.poll` and locators take it. */
export const patience = { timeout: 10_000 };

export interface StudioOptions {
  /** Added to the environment of the server. */
  readonly env?: Readonly<Record<string, string>>;
  /** Fills the data folder before the server starts. */
  readonly prepare?: (dataDir: string) => Promise<void>;
}

export interface OpenOptions
  extends Pick<BrowserContextOptions, 'colorScheme' | 'hasTouch' | 'locale' | 'reducedMotion'> {
  /** In CSS pixels; 1024 × 768 without them. */
  readonly width?: number;
  readonly height?: number;
  /** A view, such as `/view/<id>`. */
  readonly view?: string;
  /** Of a page that is open already: a second tab of the same browser, with what it has stored. */
  readonly besides?: Page;
}

export interface Studio {
  /** Of the server, without a slash at the end. */
  readonly url: string;
  /** To be stopped, looked into, or asked for its process. */
  readonly server: TestServer;
  readonly browser: Browser;
  /** Opens the page in a browser of its own, and waits until it is shown. It is closed after the test. */
  open(options?: OpenOptions): Promise<Page>;
  /** Creates an API key with these scopes, for a server with `AUTH: 'keys'`. */
  createKey(principal: string, scopes: string): Promise<string>;
  /** What the page complained of since the test began. A test that expects something of it empties it. */
  readonly complaints: string[];
}

/** Like `describe`, with a server and a browser. Skipped when there is no Chromium. */
export function describeStudio(
  title: string,
  { env = {}, prepare }: StudioOptions,
  define: (studio: Studio) => void,
): void {
  test.runIf(process.env['CI'])(`${title}: there is a Chromium to run in`, () => {
    expect(chromium, 'install Chromium, or name it in CHROMIUM').not.toBeNull();
  });

  describe.skipIf(chromium === null)(title, () => {
    let server: TestServer;
    let browser: Browser;
    let contexts: BrowserContext[] = [];
    const complaints: string[] = [];

    beforeAll(async () => {
      if (chromium === null) return;
      await buildPage();
      const dataDir = await newDataDir();
      await prepare?.(dataDir);
      [server, browser] = await Promise.all([startServer({ env, dataDir }), launchChromium(chromium)]);
    }, 90_000);
    afterAll(async () => {
      await browser?.close();
      await server?.[Symbol.asyncDispose]();
      if (server !== undefined) await rm(server.dataDir, { recursive: true, force: true });
    });
    afterEach(async () => {
      await Promise.all(contexts.map((context) => context.close()));
      contexts = [];
      const found = complaints.splice(0);
      expect(found, 'what the page complained of').toEqual([]);
    });

    define({
      get url() {
        return server.url;
      },
      get server() {
        return server;
      },
      get browser() {
        return browser;
      },
      complaints,
      async open({ width = 1024, height = 768, view = '/', besides, ...options } = {}) {
        const context = besides?.context() ?? (await newContext(browser, { ...options, viewport: { width, height } }));
        if (besides === undefined) contexts.push(context);
        const page = await context.newPage();
        listen(page, server.url, complaints);
        await page.goto(`${server.url}/#${view}`);
        await page.locator('#root > *').first().waitFor();
        return page;
      },
      async createKey(principal, scopes) {
        const args = ['keys', 'create', '--principal', principal, '--scopes', scopes];
        const { code, stdout, stderr } = await runMain(args, { DATA_DIR: server.dataDir });
        if (code !== 0) throw new Error(stderr);
        return stdout.trim();
      },
    });
  });
}

async function newContext(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext({ colorScheme: 'dark', ...options });
  context.setDefaultTimeout(patience.timeout);
  return context;
}

/** Of connections that a test cuts, and of answers that are errors; the page has to say those in words of its own. */
const OF_THE_NETWORK = /^Failed to load resource|^WebSocket connection to|net::ERR_/u;

function listen(page: Page, url: string, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`threw: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !OF_THE_NETWORK.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (/^https?:$/u.test(protocol) && origin !== url) complaints.push(`asked elsewhere: ${request.url()}`);
  });
}

/** Signs in with a key or token, in the panel that the page shows when the server asks for one. */
export async function signIn(page: Page, token: string): Promise<void> {
  const panel = page.getByRole('dialog', { name: 'Sign in' });
  await panel.getByLabel('API key or token').fill(token);
  await panel.getByRole('button', { name: 'Sign in' }).click();
  await panel.waitFor({ state: 'hidden' });
}

export interface Generated {
  readonly callId: string;
  readonly status: string;
  readonly imageIds: readonly string[];
}

/** Starts a call as another client would, and returns its id at once. */
export async function start(url: string, input: object, token?: string): Promise<string> {
  const { generateImage } = await send<{ generateImage: { call?: { id: string } } }>(url, START, { input }, token);
  if (generateImage.call === undefined) throw new Error(JSON.stringify(generateImage));
  return generateImage.call.id;
}

/** Makes pictures as another client would, and waits for them. @param input of `generateImage` */
export async function generate(url: string, input: object, token?: string): Promise<Generated> {
  const callId = await start(url, input, token);
  let call = { status: '', images: [] as readonly { id: string }[] };
  const deadlineMs = Date.now() + 30_000;
  // Not by `expect.poll`, which works in tests alone: pictures are also made before them.
  do {
    if (Date.now() > deadlineMs) throw new Error(`call ${callId} has not ended: ${call.status}`);
    await delay(50);
    call = (await send<{ generationCall: typeof call }>(url, CALL, { id: callId }, token)).generationCall;
  } while (['QUEUED', 'IN_PROGRESS', 'AWAITING_APPROVAL'].includes(call.status));
  return { callId, status: call.status, imageIds: call.images.map(({ id }) => id) };
}

const START = `mutation ($input: GenerateImageInput!) {
  generateImage(input: $input) { ... on GenerateImageSuccess { call { id } } ... on Error { code message } }
}`;
const CALL = 'query ($id: ID!) { generationCall(id: $id) { status images { id } } }';

/** The data of an operation that must succeed. The caller names the shape that its document selects. */
export async function send<Data>(url: string, query: string, variables: object = {}, token?: string): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  // As the document selects it.
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

/** Keeps a picture of the page in the folder that SCREENSHOTS names; without one, it does nothing. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined || folder === '') return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
