/** Signed images in a real browser: in an `<img>` of a page on another origin, as IMAGE_RESOURCE_POLICY says. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientWith } from '../api/keyed-client.ts';
import { eventually } from '../api/steps.ts';
import { startServerHere } from '../support/app.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { newDataDir, type RunningServer, runMain, startServer } from '../support/server.ts';

const executable = findChromium();

describe.skipIf(executable === null)('a signed image in a browser', () => {
  let browser: Browser;
  let pages: Server;
  let pagePort: number;
  let dataDir: string;
  let key: string;

  beforeAll(async () => {
    dataDir = await newDataDir();
    const { stdout } = await runMain(['keys', 'create', '--principal', 'anna', '--scopes', 'read,generate'], {
      DATA_DIR: dataDir,
    });
    key = stdout.trim();
    pages = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>A page</title>');
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    // It listens on a port.
    pagePort = (pages.address() as AddressInfo).port;
    browser = await launchChromium(executable ?? '');
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    pages.close();
  });

  async function imageUrl(server: RunningServer): Promise<string> {
    const client = clientWith(server.url, key);
    await client.data('mutation { generateImage(input: { prompt: "a boat" }) { __typename } }');
    return eventually('the image', async () => {
      const { images } = await client.data('{ images(first: 1) { edges { node { url } } } }');
      return images.edges[0]?.node.url;
    });
  }

  /** The natural width of the image, or null when the browser does not show it. */
  function widthIn(page: Page, url: string, crossOrigin: boolean): Promise<number | null> {
    return page.evaluate(
      ([src, withCors]) =>
        new Promise<number | null>((resolve) => {
          const image = new Image();
          if (withCors) image.crossOrigin = 'anonymous';
          image.onload = () => resolve(image.naturalWidth);
          image.onerror = () => resolve(null);
          image.src = src;
        }),
      [url, crossOrigin] as const,
    );
  }

  const CASES = [
    // On loopback, the page of a frontend may have any name of this machine.
    { policy: 'auto', host: '127.0.0.1', isShown: true, isReadable: true },
    { policy: 'auto', host: 'localhost', isShown: true, isReadable: true },
    { policy: 'same-site', host: 'localhost', isShown: false, isReadable: true },
    { policy: 'same-origin', host: '127.0.0.1', isShown: false, isReadable: true },
    { policy: 'cross-origin', host: 'localhost', isShown: true, isReadable: true },
  ] as const;

  it.each(CASES)('with $policy, on a page of $host: shown $isShown', async ({ policy, host, isShown, isReadable }) => {
    await using server = await startServerHere({ dataDir, env: { AUTH: 'keys', IMAGE_RESOURCE_POLICY: policy } });
    const url = await imageUrl(server);
    const page = await browser.newPage();
    await page.goto(`http://${host}:${pagePort}/`);
    expect((await widthIn(page, url, false)) !== null).toBe(isShown);
    // Pages on loopback may use the API, and read its images with CORS.
    expect((await widthIn(page, url, true)) !== null).toBe(isReadable);
    await page.close();
  });

  it('with same-site, on a page of the same host and another port: shown', async () => {
    await using server = await startServerHere({ dataDir, env: { AUTH: 'keys', IMAGE_RESOURCE_POLICY: 'same-site' } });
    // A name: Chromium counts no two ports of an IP address as one site.
    const url = (await imageUrl(server)).replace('127.0.0.1', 'localhost');
    const page = await browser.newPage();
    await page.goto(`http://localhost:${pagePort}/`);
    expect(await widthIn(page, url, false)).not.toBeNull();
    await page.close();
  });

  it('comes from the cache of the browser, even when the server is gone', async () => {
    await using server = await startServer({ dataDir, env: { AUTH: 'keys' } });
    const url = await imageUrl(server);
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${pagePort}/`);
    expect(await widthIn(page, url, false)).not.toBeNull();
    await server.stop();
    await page.reload();
    // The server is gone.
    expect(await widthIn(page, url, false)).not.toBeNull();
    await page.close();
  });
});
