/** GraphiQL in a real browser that reaches nothing but this server, worked with as its tabs tell to. */
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { renderGraphiql } from '../../src/graphql/graphiql/page.ts';
import { graphiqlOptions } from '../../src/graphql/graphiql/tabs.ts';
import { startServerHere } from '../support/app.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';
import type { RunningServer } from '../support/server.ts';
import { type GraphiqlPage, openGraphiql } from './graphiql-page.ts';

const chromium = findChromium();
if (chromium === null) console.warn('GraphiQL is not tested: no Chromium is installed, and CHROMIUM names none.');
const patience = { timeout: 10_000 };
const TABS = ['Generate', 'Watch', 'Refine', 'Gallery', 'Follow', 'Costs'];

test.runIf(process.env['CI'])('the browser tests have a Chromium to run in', () => {
  expect(chromium, 'install Chromium, or name it in CHROMIUM').not.toBeNull();
});

test('an id cannot end the script that it is filled into', async () => {
  const hostile = '</script><script>alert(1)</script>';
  const options = graphiqlOptions({ callId: hostile, imageId: hostile, needsCredentials: true, introspection: false });
  const page = await renderGraphiql(options);
  expect(page).not.toContain(hostile);
  const filledIn = page.slice(page.lastIndexOf('id="options"'));
  expect(filledIn.match(/<\/?script/gu)).toEqual(['</script']);
});

describe.skipIf(chromium === null)('GraphiQL', () => {
  let server: RunningServer;
  let browser: Browser;
  let context: BrowserContext;
  /** What the page wanted from elsewhere; what it, or the browser about it, complained of. */
  let foreign: string[];
  let complaints: string[];
  let sockets: string[];

  beforeAll(async () => {
    if (chromium === null) return;
    server = await startServerHere({ env: { ALLOWED_HOSTS: 'darkroom.test' } });
    // Another name for the server, without a port in it, as behind a proxy.
    browser = await launchChromium(chromium, [`--host-resolver-rules=MAP darkroom.test ${new URL(server.url).host}`]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    [foreign, complaints, sockets] = [[], [], []];
    context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    context.setDefaultTimeout(patience.timeout);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    const own = [server.url, 'http://darkroom.test'];
    await context.route('**', async (route) => {
      if (own.includes(new URL(route.request().url()).origin)) return route.continue();
      foreign.push(route.request().url());
      return route.abort();
    });
    context.on('page', (page) => {
      page.on('websocket', (socket) => sockets.push(socket.url()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
    });
  });
  afterEach(async () => {
    await context.close();
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  });

  const open = (page?: GraphiqlPage['page']) => openGraphiql(context, `${server.url}/graphql`, page);

  test('leads a newcomer from the first picture to the gallery, tab by tab', async () => {
    const graphiql = await open();
    expect(await graphiql.tabs()).toEqual(TABS);
    expect(await graphiql.activeTab()).toBe('Generate');

    await graphiql.run();
    const generated = await callIdOf(graphiql, 'generateImage');

    await graphiql.openTab('Watch');
    await expect.poll(() => graphiql.variables(), patience).toEqual({ callId: generated });
    await graphiql.run();
    const first = await completedImage(graphiql);
    expect(sockets).toEqual([`${server.url.replace('http', 'ws')}/graphql`]);

    await graphiql.openTab('Refine');
    await expect.poll(() => graphiql.variables(), patience).toMatchObject({ input: { imageId: first } });
    await graphiql.run();
    const refined = await callIdOf(graphiql, 'refineImage');

    await graphiql.openTab('Watch');
    await expect.poll(() => graphiql.variables(), patience).toEqual({ callId: refined });
    await graphiql.run();
    await expect.poll(() => completedImage(graphiql), patience).not.toBe(first);
    const second = await completedImage(graphiql);

    await graphiql.openTab('Gallery');
    await graphiql.run();
    await expect
      .poll(() => graphiql.result(), patience)
      .toMatchObject({
        data: { images: { edges: [{ node: { id: second, lineage: [{ id: first }, { id: second }] } }, {}] } },
      });
  });

  test('shows a picture while the mouse is over its URL', async () => {
    await somePicture();
    for (const origin of [server.url, 'http://darkroom.test']) {
      const graphiql = await openGraphiql(context, `${origin}/graphql`);
      await graphiql.openTab('Gallery');
      await graphiql.run();
      const pictures = graphiql.page.locator('.monaco-hover img');
      // The editor shows a row for each that answers, and takes all away when the page moves under the mouse. Rows of its
      // own come and go: while it waits for an answer, and once it has seen that the URL is a link.
      const shown = async () => {
        if ((await pictures.count()) === 0) await graphiql.hoverOverResult(`${origin}/images/`);
        const rows = await graphiql.page.locator('.monaco-hover .hover-row').allInnerTexts();
        return {
          pictures: await pictures.count(),
          rows: rows.filter((text) => !/^(?:Loading|Follow link)/u.test(text)),
        };
      };
      // GraphiQL has a preview, too, which would stand beside it, broken.
      await expect.poll(shown, patience).toEqual({ pictures: 1, rows: [''] });
      expect(await pictures.getAttribute('src')).toMatch(new RegExp(`^${origin}/images/[-0-9a-f]+\\.png$`, 'u'));
      await expect
        .poll(
          () => graphiql.page.evaluate("document.querySelector('.monaco-hover img').naturalWidth === 1024"),
          patience,
        )
        .toBe(true);
    }
  });

  test('works under any name that leads to the server, subscriptions too', async () => {
    await somePicture();
    const graphiql = await openGraphiql(context, 'http://darkroom.test/graphql');
    await graphiql.openTab('Watch');
    await graphiql.run();
    await completedImage(graphiql);
    expect(sockets).toEqual(['ws://darkroom.test/graphql']);
  });

  test('subscribes over server-sent events when its address says so', async () => {
    await somePicture();
    const graphiql = await openGraphiql(context, `${server.url}/graphql?subscriptions=sse`);
    await graphiql.openTab('Watch');
    await graphiql.run();
    await completedImage(graphiql);
    expect(sockets).toEqual([]);
  });

  test('follows everything that happens, and tells the costs', async () => {
    const graphiql = await open();
    await graphiql.openTab('Follow');
    await graphiql.run();
    // Events that came before the subscription are not sent.
    await expect
      .poll(async () => {
        await somePicture();
        return graphiql.result();
      }, patience)
      .toMatchObject({ data: { viewerEvents: { cursor: expect.any(String) } } });
    await graphiql.openTab('Costs');
    await graphiql.run();
    await expect
      .poll(() => graphiql.result(), patience)
      .toMatchObject({ data: { viewer: { cost: { currency: 'USD' } }, estimateGeneration: { estimate: {} } } });
  });

  test('fills in the newest ids for a newcomer', async () => {
    const { callId, imageId } = await somePicture();
    const graphiql = await open();
    await graphiql.openTab('Watch');
    expect(await graphiql.variables()).toEqual({ callId });
    await graphiql.openTab('Refine');
    expect(await graphiql.variables()).toMatchObject({ input: { imageId } });
  });

  test('fills in the newest ids again at the next visit, in tabs that were not changed', async () => {
    await somePicture();
    const { page, ...first } = await open();
    await first.openTab('Refine');
    // GraphiQL writes down a little later which tab is open.
    await expect
      .poll(
        () => page.evaluate(`JSON.parse(localStorage['darkroom:graphiql:tabState']).activeTabIndex === 2`),
        patience,
      )
      .toBe(true);
    const { callId, imageId } = await somePicture();

    const second = await open(page);
    expect(await second.tabs()).toEqual(TABS);
    expect(await second.activeTab()).toBe('Refine');
    expect(await second.variables()).toMatchObject({ input: { imageId } });
    await second.openTab('Watch');
    expect(await second.variables()).toEqual({ callId });
  });

  test('follows the newest call of others while it is open, in tabs that were not changed', async () => {
    const graphiql = await open();
    const { callId, imageId } = await somePicture();
    await graphiql.openTab('Watch');
    await expect.poll(() => graphiql.variables(), patience).toEqual({ callId });
    const second = await somePicture();
    // As when its window is used again.
    await graphiql.page.evaluate("dispatchEvent(new Event('focus'))");
    await expect.poll(() => graphiql.variables(), patience).toEqual({ callId: second.callId });
    await graphiql.openTab('Refine');
    await expect
      .poll(() => graphiql.variables(), patience)
      .toMatchObject({ input: { imageId: expect.not.stringMatching(imageId) } });
  });

  test('loads its files from the cache of the browser at the second visit', async () => {
    // The browser keeps nothing for a context whose requests a test looks at.
    const unwatched = await browser.newContext();
    try {
      const { page } = await openGraphiql(unwatched, `${server.url}/graphql`);
      const loaded = () =>
        page.evaluate<{ name: string; bytes: number }[]>(`performance.getEntriesByType('resource').flatMap(
          ({ name, transferSize: bytes }) => (name.includes('/graphiql/') ? [{ name, bytes }] : []),
        )`);
      // The worker of the editor comes last. What is not there yet is not in the cache either.
      await expect
        .poll(async () => (await loaded()).some(({ name }) => name.includes('editorWorker')), patience)
        .toBe(true);
      const first = await loaded();
      expect(first.length).toBeGreaterThanOrEqual(5);
      const bytes = first.reduce((sum, each) => sum + each.bytes, 0);
      // As they are: 9 MB.
      expect(bytes).toBeGreaterThan(1_500_000);
      expect(bytes).toBeLessThan(2_500_000);

      await openGraphiql(unwatched, `${server.url}/graphql`, page);
      const second = await loaded();
      expect(second.length).toBeGreaterThanOrEqual(5);
      expect(second.filter((file) => file.bytes > 0)).toEqual([]);
    } finally {
      await unwatched.close();
    }
  });

  test('keeps what a visitor has changed', async () => {
    const { callId: own } = await somePicture();
    const { callId } = await somePicture();
    const graphiql = await open();
    await graphiql.openTab('Watch');
    await graphiql.page.evaluate(`navigator.clipboard.writeText('${own}')`);
    await graphiql.pasteIntoVariables(callId);
    await expect
      .poll(() => graphiql.page.evaluate(`localStorage['darkroom:graphiql:tabState'].includes('${own}')`), patience)
      .toBe(true);
    await somePicture();

    const again = await open(graphiql.page);
    expect(await again.tabs()).toEqual(TABS);
    expect(await again.activeTab()).toBe('Watch');
    expect(await again.variables()).toEqual({ callId: own });
  });

  test('opens a shared address in a tab of its own, and only once', async () => {
    const shared = `${server.url}/graphql?query=${encodeURIComponent('query Shared { viewer { principal } }')}`;
    const { page } = await openGraphiql(context, shared);
    const graphiql = await openGraphiql(context, shared, page);
    expect(await graphiql.tabs()).toEqual([...TABS, 'Shared']);
    expect(await graphiql.activeTab()).toBe('Shared');
    await graphiql.run();
    await expect.poll(() => graphiql.result(), patience).toEqual({ data: { viewer: { principal: 'local' } } });
  });

  test('does not mix its tabs with those of another GraphiQL on the same origin', async () => {
    const blank = { variables: null, headers: null, operationName: null, response: null };
    const theirs = JSON.stringify({
      tabs: [{ id: '1', title: 'Theirs', query: '{ a }', ...blank }],
      activeTabIndex: 0,
    });
    // The script runs in the empty page before this one as well, which has no storage.
    await context.addInitScript(`if (location.host) localStorage['graphiql:tabState'] = ${JSON.stringify(theirs)}`);
    const graphiql = await open();
    expect(await graphiql.tabs()).toEqual(TABS);
    await graphiql.openTab('Gallery');
    await expect
      .poll(
        () => graphiql.page.evaluate("JSON.parse(localStorage['darkroom:graphiql:tabState']).activeTabIndex === 3"),
        patience,
      )
      .toBe(true);
    expect(await graphiql.page.evaluate("localStorage['graphiql:tabState']")).toBe(theirs);
  });

  /** Makes a picture without GraphiQL. */
  async function somePicture(): Promise<{ callId: string; imageId: string }> {
    const { call } = (
      await post<{ generateImage: { call: { id: string } } }>(
        'mutation { generateImage(input: { prompt: "a pear" }) { ... on GenerateImageSuccess { call { id } } } }',
      )
    ).generateImage;
    const images = async () => {
      const query = `{ generationCall(id: "${call.id}") { images { id } } }`;
      return (await post<{ generationCall: { images: { id: string }[] } }>(query)).generationCall.images;
    };
    await expect.poll(images, patience).toHaveLength(1);
    const [image] = await images();
    return { callId: call.id, imageId: image?.id ?? '' };
  }

  async function post<Data>(query: string): Promise<Data> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    // The caller names the shape that its query selects.
    const { data } = (await response.json()) as { data: Data };
    return data;
  }
});

/** Waits for the answer of a mutation and returns its call's id. */
async function callIdOf(graphiql: GraphiqlPage, mutation: string): Promise<string> {
  const id = expect.any(String);
  await expect.poll(() => graphiql.result(), patience).toMatchObject({ data: { [mutation]: { call: { id } } } });
  // It has just been found to have this shape.
  const { data } = (await graphiql.result()) as { data: Record<string, { call: { id: string } }> };
  return data[mutation]?.call.id ?? '';
}

/** Waits until the result pane shows the last event of a call and returns the id of its picture. */
async function completedImage(graphiql: GraphiqlPage): Promise<string> {
  const id = expect.any(String);
  const completed = {
    __typename: 'GenerationCompleted',
    call: { status: 'COMPLETED', partialImages: [{ index: 0 }, { index: 1 }], images: [{ id }] },
  };
  await expect.poll(() => graphiql.result(), patience).toMatchObject({ data: { generationEvents: completed } });
  // It has just been found to have this shape.
  const { data } = (await graphiql.result()) as {
    data: { generationEvents: { call: { images: { id: string }[] } } };
  };
  return data.generationEvents.call.images[0]?.id ?? '';
}
