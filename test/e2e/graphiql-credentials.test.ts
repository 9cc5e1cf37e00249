/** GraphiQL of a server with authentication: it says what it needs, and sends a key that was typed into its headers. */
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { newDataDir, runMain, startServer, type TestServer } from '../support/server.ts';
import { openGraphiql } from './graphiql-page.ts';

const executable = findChromium();
const patience = { timeout: 10_000 };

describe.skipIf(executable === null)('GraphiQL of a server with AUTH=keys', () => {
  let browser: Browser;
  let context: BrowserContext;
  let dataDir: string;
  let key: string;
  let server: TestServer;
  /** What WebSockets of the page sent first, and with which code they were closed. */
  let inits: unknown[];

  beforeAll(async () => {
    dataDir = await newDataDir();
    key = (await runMain(['keys', 'create', '--principal', 'anna'], { DATA_DIR: dataDir })).stdout.trim();
    server = await startServer({ dataDir, env: { AUTH: 'keys' } });
    browser = await launchChromium(executable ?? '');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    inits = [];
    context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    context.setDefaultTimeout(patience.timeout);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    context.on('page', (page) => {
      page.on('websocket', (socket) =>
        socket.once('framesent', ({ payload }) => inits.push(JSON.parse(String(payload)))),
      );
    });
  });
  afterEach(() => context.close());

  const open = () => openGraphiql(context, `${server.url}/graphql`);
  const headersWith = (token: string) => JSON.stringify({ authorization: `Bearer ${token}` });

  it('says that it needs credentials and where, in place of an error', async () => {
    const complaints: string[] = [];
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    const graphiql = await open();
    expect(await graphiql.note()).toBe(
      'This server needs credentials. Open “Headers” below the query and enter {"authorization": "Bearer <API key or ' +
        'token>"}: they are sent with every operation, and stay in this browser. Introspection is off, so there is no ' +
        'documentation and no completion; operations work. The operator can turn it on (INTROSPECTION=on).',
    );
    // It has asked for no schema, which would have been refused, and shown as a result.
    expect(await graphiql.result()).toBeNull();
    expect(complaints).toEqual([]);
    await graphiql.run();
    await expect
      .poll(() => graphiql.result(), patience)
      .toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('sends a key that is typed into Headers, over HTTP and over the WebSocket of a subscription', async () => {
    const graphiql = await open();
    await graphiql.enterHeaders(headersWith(key));
    await graphiql.run();
    const id = expect.any(String);
    await expect.poll(() => graphiql.result(), patience).toMatchObject({ data: { generateImage: { call: { id } } } });

    // It has just been found to have this shape.
    const { data } = (await graphiql.result()) as { data: { generateImage: { call: { id: string } } } };
    await graphiql.openTab('Watch');
    expect(await graphiql.headers()).toEqual({ authorization: `Bearer ${key}` });
    await expect.poll(() => graphiql.variables(), patience).toEqual({ callId: data.generateImage.call.id });
    await graphiql.run();
    await expect
      .poll(() => graphiql.result(), patience)
      .toMatchObject({ data: { generationEvents: { call: { status: 'COMPLETED' } } } });
    expect(inits).toEqual([{ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }]);
  });

  it('sends what stands in Headers at that moment, and takes comments and trailing commas as GraphiQL does', async () => {
    const graphiql = await open();
    await graphiql.openTab('Watch');
    // GraphiQL stores what was typed half a second later.
    await graphiql.enterHeaders(headersWith('wrong'));
    await graphiql.enterHeaders(`// mine\n{ "authorization": "Bearer ${key}", "x-note": "a // b", }`);
    await graphiql.run();
    await expect
      .poll(() => graphiql.result(), patience)
      .toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
    expect(inits).toEqual([
      { type: 'connection_init', payload: { authorization: `Bearer ${key}`, 'x-note': 'a // b' } },
    ]);
  });

  it('shows the schema with INTROSPECTION=on, once there are credentials', async () => {
    await using other = await startServer({ env: { AUTH: 'keys', INTROSPECTION: 'on' } });
    const { stdout } = await runMain(['keys', 'create', '--principal', 'anna'], { DATA_DIR: other.dataDir });
    const graphiql = await openGraphiql(context, `${other.url}/graphql`);
    expect(await graphiql.note()).toMatch(/^This server needs credentials\..*Then press “Re-fetch GraphQL schema”/u);
    await graphiql.enterHeaders(headersWith(stdout.trim()));
    await graphiql.page.getByRole('button', { name: 'Re-fetch GraphQL schema' }).click();
    await graphiql.page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await graphiql.page.getByText('Root Types').waitFor();
  });
});

describe.skipIf(executable === null)('GraphiQL of a server without authentication', () => {
  it.each([
    ['on', null],
    [
      'off',
      'Introspection is off, so there is no documentation and no completion; operations work. The operator can turn it on (INTROSPECTION=on).',
    ],
  ])('says with INTROSPECTION=%s: %s', async (INTROSPECTION, note) => {
    await using server = await startServer({ env: { INTROSPECTION } });
    const browser = await launchChromium(executable ?? '');
    const graphiql = await openGraphiql(await browser.newContext(), `${server.url}/graphql`);
    expect(await graphiql.note()).toBe(note);
    await browser.close();
  });
});
