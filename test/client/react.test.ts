/** The hook of @darkroom/client/react, in components that a real browser renders, through a network with faults. */
import type { Browser, Page, WebSocket } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FollowedCall } from '../../client/src/react.ts';
import { callDetails, eventually, generate } from '../api/steps.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { bundle } from './bundle.ts';
import { type FaultyNetwork, startFaultyNetwork } from './faulty-network.ts';

const executable = findChromium();
if (executable === null) console.warn('The hook of @darkroom/client is not tested: there is no Chromium.');

const ENTRY = `
  import { createDarkroomClient, CredentialsRefusedError, webSocket } from '@darkroom/client';
  import { useGenerationCall } from '@darkroom/client/react';
  import { createElement, useEffect } from 'react';
  import { createRoot } from 'react-dom/client';

  const client = createDarkroomClient(webSocket({ url: new URL('/graphql', location.href) }));
  const refusing = createDarkroomClient({
    async *subscribe() {
      throw new CredentialsRefusedError('Nobody is let in.');
    },
  });

  function Call({ callId, isRefused }) {
    const call = useGenerationCall(isRefused ? refusing : client, callId);
    useEffect(() => {
      onCall({ ...call, error: call.error?.name ?? null });
    }, [call]);
    return null;
  }

  const root = createRoot(document.body);
  window.show = (props) => root.render(createElement(Call, props));
  window.remove = () => root.unmount();
`;

/** What a component was rendered with; of the error, its name. */
type Rendered = Omit<FollowedCall, 'error'> & { readonly error: string | null };

describe.skipIf(executable === null)('useGenerationCall', () => {
  let browser: Browser;
  let app: TestApp;
  let network: FaultyNetwork;
  let script: string;
  let page: Page;
  let sockets: WebSocket[];
  let rendered: Rendered[];
  let onRendered: (call: Rendered) => void;

  beforeAll(async () => {
    app = await startTestApp({}, { SIMULATOR_DURATION_MS: '600' });
    browser = await launchChromium(executable ?? '');
    script = await bundle(ENTRY);
  });
  afterAll(async () => {
    await browser.close();
    await app[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    network = await startFaultyNetwork(app.url);
    [sockets, rendered, onRendered] = [[], [], () => {}];
    page = await browser.newPage();
    page.on('websocket', (socket) => void sockets.push(socket));
    await page.exposeFunction('onCall', (call: Rendered) => {
      rendered.push(call);
      onRendered(call);
    });
    await page.goto(new URL('/health/live', network.url).href);
    await page.addScriptTag({ content: script, type: 'module' });
    await page.waitForFunction('window.show');
  });
  afterEach(async () => {
    await page.close();
    await network[Symbol.asyncDispose]();
  });

  const newCall = async () => (await generate(app.url, { prompt: 'a pear', options: { partialImages: 2 } })).id;
  const show = (props: { callId: string | null; isRefused?: boolean }) =>
    page.evaluate(`show(${JSON.stringify(props)})`);
  const reaches = (what: string, isReached: (call: Rendered) => boolean) =>
    eventually(what, () => rendered.find(isReached));
  /** The partial images of the first tile, as they changed. */
  const partials = () =>
    rendered
      .map(({ images: [first] }) => first?.partial?.url)
      .filter((url, index, all) => url !== undefined && url !== all[index - 1]);

  it('shows partial images and the image, each once, when the connection is cut after every event (promise 2)', async () => {
    const callId = await newCall();
    onRendered = ({ cursor, isReconnecting }) => {
      if (cursor !== null && !isReconnecting) network.cut();
    };
    await show({ callId });
    const last = await reaches('the end of the call', ({ status }) => status === 'COMPLETED');
    const { partialImages, images } = await callDetails(new URL(network.url).origin, callId);
    expect(partials()).toEqual(partialImages.map(({ url }) => url));
    expect(last).toMatchObject({ failure: null, error: null, images: [{ image: { url: images[0]?.url } }] });
    expect(rendered.some(({ isReconnecting }) => isReconnecting)).toBe(true);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it('follows nothing yet, then one call, then another, over one connection', async () => {
    const [first, second] = await Promise.all([newCall(), newCall()]);
    await show({ callId: null });
    await eventually('the first time', () => rendered[0]);
    expect(sockets).toEqual([]);
    await show({ callId: first });
    await reaches('a partial image', ({ images }) => images[0]?.partial != null);
    rendered.length = 0;
    await show({ callId: second });
    await reaches('the end of the call', ({ status }) => status === 'COMPLETED');
    const { partialImages } = await callDetails(new URL(network.url).origin, second);
    expect(partials()).toEqual(partialImages.map(({ url }) => url));
    expect(rendered.every(({ isReconnecting }) => !isReconnecting)).toBe(true);
    expect(sockets).toHaveLength(1);
  });

  it('leaves no connection when its component is gone', async () => {
    await show({ callId: await newCall() });
    await reaches('an event', ({ cursor }) => cursor !== null);
    await page.evaluate('remove()');
    await eventually('the end of the connection', () => (sockets[0]?.isClosed() ? true : undefined));
    const { length } = rendered;
    await page.waitForTimeout(800);
    expect(rendered).toHaveLength(length);
  });

  it('says why a call is not followed any more', async () => {
    await show({ callId: Buffer.from('GenerationCall:00000000-0000-7000-8000-000000000000').toString('base64url') });
    await reaches('the error', ({ error }) => error === 'SubscriptionRefusedError');
    await show({ callId: 'any', isRefused: true });
    const refused = await reaches('the other error', ({ error }) => error === 'CredentialsRefusedError');
    expect(rendered.some(({ isReconnecting }) => isReconnecting)).toBe(true);
    expect(refused.isReconnecting).toBe(false);
  });
});
