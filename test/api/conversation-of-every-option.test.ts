/**
 * A conversation with a GIF, an SVG, a markup, complexity and a completion window, over a server process that is killed twice
 * meanwhile. It ends with every image, every event once, and costs that were worked out by hand.
 */
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { data } from '../support/client.ts';
import { RefineImage } from '../support/documents.ts';
import type { RefineImageInput } from '../support/gql/graphql.ts';
import type { TestServer } from '../support/server.ts';
import { uploadPicture } from '../support/upload.ts';
import { openShopProcess, order, orderedCall, type Shop } from './orders.ts';
import {
  allOf,
  collect,
  type Event,
  eventually,
  fetchBytes,
  firstOf,
  openDatabase,
  sha256,
  TERMINAL_TYPES,
  watchConversation,
} from './steps.ts';

const ENV = {
  OPENAI_MODEL: 'gpt-5.4-mini',
  UPSTREAM_BACKGROUND: 'on',
  COMPLETION_POLL_FIRST_MS: '30',
  COMPLETION_POLL_MAX_MS: '100',
};
const SQUARE = { size: '1024x1024', quality: 'LOW', partialImages: 0 } as const;
const PORTRAIT = { ...SQUARE, size: '1024x1536', format: 'PNG' } as const;
/** Long enough to kill the server in the middle. */
const SLOWLY = '[sim:duration=1000]';

/**
 * US dollars per million tokens: docs/prices.md names the table. gpt-image-2.6-sunburst draws, gpt-5.4-mini is the mainline
 * model, gpt-5.4 writes the SVG.
 */
const PRICES = { mainlineIn: 0.75, mainlineOut: 4.5, textIn: 5, imageIn: 8, imageOut: 30, svgIn: 2.5, svgOut: 15 };
type Tokens = Readonly<Partial<Record<keyof typeof PRICES, number>>>;

/**
 * The tokens of each call by the rules of the simulator (src/simulator/usage.ts, src/simulator/README.md). Text: a token for
 * each four characters of the prompt, and 1,840 more for the mainline model, which answers with 32. Input images: a token for
 * each 1,024 pixels. An image of 1024x1024 at LOW: 700, in proportion to its pixels; 1.4 times as many with complexity HIGH,
 * 0.8 times with LOW; 100 for each partial image. An SVG with effort HIGH: 1,572 in, and 757 + 1,900 out.
 */
const BILLS: readonly { readonly tokens: Tokens; readonly amount: string }[] = [
  // The GIF: "a paper boat on a pond" has 22 characters.
  { tokens: { mainlineIn: 1846, mainlineOut: 32, textIn: 6, imageOut: 700 }, amount: '0.0225585' },
  // "make it dusk" has 12, the GIF 1,048,576 pixels: 700 x 1.5 x 1.4 and two partial images.
  { tokens: { mainlineIn: 1843, mainlineOut: 32, textIn: 3, imageIn: 1024, imageOut: 1670 }, amount: '0.05983325' },
  // "a lantern here" has 14, the portrait 1,572,864 pixels. The Image API has no mainline model.
  { tokens: { textIn: 4, imageIn: 1536, imageOut: 1050 }, amount: '0.043808' },
  // "as flat shapes" has 14. It continues from the portrait with the lantern.
  {
    tokens: {
      mainlineIn: 1844,
      mainlineOut: 32,
      textIn: 4,
      imageIn: 1536,
      imageOut: 700,
      svgIn: 1572,
      svgOut: 2657,
    },
    amount: '0.07862',
  },
  // "add a heron" has 11; 700 x 0.8.
  { tokens: { mainlineIn: 1843, mainlineOut: 32, textIn: 3, imageIn: 1536, imageOut: 560 }, amount: '0.03062925' },
];
const TOTAL = '0.235449';

const KINDS: Readonly<Record<string, keyof typeof PRICES>> = {
  MAINLINE_INPUT: 'mainlineIn',
  MAINLINE_OUTPUT: 'mainlineOut',
  IMAGE_TEXT_INPUT: 'textIn',
  IMAGE_INPUT: 'imageIn',
  IMAGE_OUTPUT: 'imageOut',
  SVG_INPUT: 'svgIn',
  SVG_OUTPUT: 'svgOut',
};

let shop: Shop<TestServer>;
let server: TestServer;
const seen: Event[] = [];
const servers: TestServer[] = [];
let conversationId = '';
beforeAll(async () => {
  shop = await openShopProcess(ENV, { durationMs: 100 });
  ({ server } = shop);
});
afterAll(async () => {
  for (const each of servers) await each[Symbol.asyncDispose]();
  await shop[Symbol.asyncDispose]();
});

/** Follows the conversation behind the last event that was seen, until the server is killed. */
async function follow(): Promise<void> {
  const after = seen.at(-1)?.cursor ?? null;
  for await (const event of watchConversation(server.url, conversationId, { after })) seen.push(event);
}

/** Kills the server in the middle of a call, and goes on with the next one on the same data. */
async function killDuring(callId: string): Promise<void> {
  await server.stop('SIGKILL');
  expect(eventsOf(callId).some(isTerminal)).toBe(false);
  server = await shop.restart();
  servers.push(server);
  void follow().catch(() => undefined);
}

async function refine(input: RefineImageInput): Promise<string> {
  const { refineImage } = await data(server.url, RefineImage, { input });
  if (refineImage.__typename !== 'RefineImageSuccess') throw new Error(JSON.stringify(refineImage));
  return refineImage.call.id;
}

async function continueWith(input: Parameters<typeof order>[1]): Promise<string> {
  const accepted = await order(server.url, input);
  if (accepted.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(accepted));
  return accepted.call.id;
}

const looks = () => shop.requests.filter(({ method }) => method === 'GET');
const isTerminal = ({ __typename }: Event) => TERMINAL_TYPES.includes(__typename);
const eventsOf = (callId: string) => seen.filter(({ call }) => call.id === callId);
const until = (callId: string, isThere: (event: Event) => boolean) =>
  eventually(`an event of ${callId}`, () => eventsOf(callId).find(isThere));

/** Waits for the end of a call and returns its image. */
async function imageOf(callId: string) {
  const last = await until(callId, isTerminal);
  expect(last, JSON.stringify(last)).toMatchObject({ __typename: 'GenerationCompleted' });
  return firstOf(eventsOf(callId), 'ImageCompleted').image;
}

/** Transparent, with a red square. */
async function strokes(): Promise<Buffer> {
  const square = await sharp({ create: { width: 100, height: 100, channels: 4, background: 'red' } })
    .png()
    .toBuffer();
  return sharp({ create: { width: 1024, height: 1536, channels: 4, background: '#0000' } })
    .composite([{ input: square, left: 50, top: 50 }])
    .png()
    .toBuffer();
}

it('promises 1-6, 8: a conversation with every option ends as it should, although its server is killed twice', async () => {
  const gifOptions = { ...SQUARE, format: 'GIF', frameCount: 4, frameDurationMs: 120 } as const;
  const gifCall = await continueWith({ prompt: 'a paper boat on a pond', options: gifOptions });
  conversationId = (await orderedCall(server.url, gifCall)).conversation.id;
  void follow().catch(() => undefined);
  const gif = await imageOf(gifCall);

  const duskOptions = { ...PORTRAIT, partialImages: 2, complexity: 'HIGH' } as const;
  const duskCall = await refine({ imageId: gif.id, prompt: `make it dusk ${SLOWLY}`, options: duskOptions });
  await until(duskCall, ({ __typename }) => __typename === 'PartialImageReceived');
  await killDuring(duskCall);
  const dusk = await imageOf(duskCall);

  const markup = await uploadPicture(server.url, await strokes(), { purpose: 'MARKUP', conversationId });
  const lanternCall = await refine({
    imageId: dusk.id,
    prompt: 'a lantern here',
    markupImageId: markup.id,
    options: PORTRAIT,
  });
  const lantern = await imageOf(lanternCall);

  const svgOptions = { ...SQUARE, format: 'SVG', svg: { model: 'gpt-5.4', reasoningEffort: 'HIGH' } } as const;
  const svgCall = await continueWith({ prompt: 'as flat shapes', conversationId, options: svgOptions });
  const svg = await imageOf(svgCall);

  const before = looks().length;
  const heronOptions = { ...SQUARE, format: 'PNG', complexity: 'LOW', completionWindow: 'WITHIN_2_HOURS' } as const;
  const heronCall = await refine({ imageId: lantern.id, prompt: `add a heron ${SLOWLY}`, options: heronOptions });
  // The server asks how far the response is only when it has stored its id.
  await eventually('a look at the response', () => (looks().length > before ? true : undefined));
  await killDuring(heronCall);
  const heron = await imageOf(heronCall);

  // Every image is there, as the upstream sent it.
  const images = [gif, dusk, lantern, svg, heron];
  const files = await Promise.all(images.map(({ url }) => fetchBytes(server.url + new URL(url).pathname)));
  expect(files.map(sha256)).toEqual(images.map((image) => image.sha256));
  const pages = await Promise.all(files.map((file) => sharp(file, { pages: -1 }).metadata()));
  expect(pages.map(({ format }) => format)).toEqual(['gif', 'png', 'png', 'svg', 'png']);
  expect(pages[0]).toMatchObject({ pages: 4, delay: [120, 120, 120, 120] });
  const stroke = await sharp(files[2]).extract({ left: 100, top: 100, width: 1, height: 1 }).raw().toBuffer();
  expect([...stroke.subarray(0, 3)]).toEqual([255, 0, 0]);
  expect(shop.creates()).toHaveLength(5);
  expect(shop.simulator.requests.pictures).toBe(5);

  // Every event was seen once, and is there once.
  expect(seen.map(({ cursor }) => cursor)).toEqual(
    (await collect(watchConversation(server.url, conversationId), seen.length)).map(({ cursor }) => cursor),
  );
  using database = openDatabase(server.dataDir);
  const stored = database.prepare('select count(*) from events where call_id is not null').pluck().get();
  expect(stored).toBe(seen.length);
  const calls = [gifCall, duskCall, lanternCall, svgCall, heronCall];
  for (const callId of calls) {
    const events = eventsOf(callId);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(allOf(events, 'GenerationStarted')).toHaveLength(1);
    expect(allOf(events, 'PartialImageReceived').map(({ partial }) => partial.index)).toEqual(
      callId === duskCall ? [0, 1] : [],
    );
  }

  // The costs are those that were worked out by hand, to the last digit.
  for (const [index, callId] of calls.entries()) {
    const { cost } = await orderedCall(server.url, callId);
    const { tokens, amount } = BILLS[index] ?? {};
    expect(Object.fromEntries((cost?.lines ?? []).map((line) => [KINDS[line.kind], line.tokens]))).toEqual(tokens);
    // No report says which tokens the discount of the window is for.
    const basis = callId === heronCall ? 'ESTIMATED' : 'REPORTED';
    expect(cost).toMatchObject({ amount, currency: 'USD', basis, complete: true });
  }
  expect((await orderedCall(server.url, gifCall)).conversation.cost?.amount).toBe(TOTAL);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
}, 60_000);

it('the bills above follow from the tokens and the prices', () => {
  // In hundredths of the price of a million tokens: whole numbers, so that nothing is rounded.
  const sums = BILLS.map(({ tokens }) =>
    Object.entries(PRICES).reduce((sum, [kind, price]) => {
      return sum + Math.round(price * 100) * (tokens[kind as keyof typeof PRICES] ?? 0);
    }, 0),
  );
  const dollars = (sum: number) => (sum / 100_000_000).toFixed(8).replace(/0+$/u, '');
  expect(sums.map(dollars)).toEqual(BILLS.map(({ amount }) => amount));
  expect(dollars(sums.reduce((total, sum) => total + sum, 0))).toBe(TOTAL);
});
