/** One conversation of twenty turns, with everything that can be done in one. */
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RecordedRequest } from '../../src/simulator/simulator.ts';
import { data } from '../support/client.ts';
import { ConversationDetails } from '../support/documents.ts';
import type { GenerateImageInput, RefineImageInput } from '../support/gql/graphql.ts';
import { uploadPicture } from '../support/upload.ts';
import { openShop, orderedCall, orderToEnd, type Shop } from './orders.ts';
import { picture, refine, watchToEnd } from './steps.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

const OPTIONS = { size: '1024x640', format: 'PNG', partialImages: 1 } as const;
const NO_STAGES = { ...OPTIONS, partialImages: 0 } as const;
const WIDTH = 1024;
const HEIGHT = 640;

/** Black in the left half, white in the right. */
function halfMask(): Promise<Buffer> {
  const left = {
    input: { create: { width: WIDTH / 2, height: HEIGHT, channels: 3, background: 'black' } },
    left: 0,
    top: 0,
  } as const;
  return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: 'white' } })
    .composite([left])
    .png()
    .toBuffer();
}

/** The picture that a call brought first. */
function firstOf({ images }: Awaited<ReturnType<typeof orderedCall>>): string {
  const [image] = images;
  if (image === undefined) throw new Error('no picture came');
  return image.id;
}

it('generates, refines, branches, uploads, masks and asks for four at once, in twenty turns', {
  timeout: 120_000,
}, async () => {
  const { url } = shop;
  let turns = 0;
  let pictures = 0;
  let sent: readonly RecordedRequest[] = [];

  async function turn<T extends Awaited<ReturnType<typeof orderedCall>>>(play: () => Promise<T>): Promise<T> {
    const before = shop.requests.length;
    const call = await play();
    sent = shop.requests.slice(before);
    turns += 1;
    pictures += call.images.length;
    expect(call, `turn ${turns}`).toMatchObject({ status: 'COMPLETED', failures: [] });
    return call;
  }
  const generate = (input: GenerateImageInput) =>
    turn(async () => (await orderToEnd(url, { options: OPTIONS, ...input })).call);
  const change = (input: RefineImageInput) =>
    turn(async () => {
      const { id } = await refine(url, { options: OPTIONS, ...input });
      await watchToEnd(url, id);
      return orderedCall(url, id);
    });
  const creates = () => sent.filter(({ method, path }) => method === 'POST' && !path.endsWith('/files'));
  const uploads = () => sent.filter(({ path }) => path.endsWith('/files')).length;
  const bodyOf = (nth = 0) => JSON.stringify(creates()[nth]?.body);

  // 1 to 3: a picture, and two changes of the newest.
  const first = await generate({ prompt: 'a lighthouse on a cliff' });
  const conversationId = first.conversation.id;
  const second = await change({ imageId: firstOf(first), prompt: 'at night' });
  expect(second.route).toBe('PREVIOUS_RESPONSE');
  const third = await generate({ prompt: 'with a full moon', conversationId });
  expect(third.conversation.id).toBe(conversationId);

  // 4 and 5: two branches from the first one.
  const branch = await change({ imageId: firstOf(first), prompt: 'in a storm' });
  expect(branch.sources.map(({ id }) => id)).toEqual([firstOf(first)]);
  await change({ imageId: firstOf(branch), prompt: 'with lightning' });

  // 6 and 7: an upload is what the next message means, and goes up once for both branches.
  const { id: uploaded } = await uploadPicture(url, await picture('teal', WIDTH, HEIGHT), { conversationId });
  const sixth = await generate({ prompt: 'make it look like this', conversationId });
  expect(sixth.route).toBe('IMAGE_BYTES');
  expect(uploads()).toBe(1);
  expect(bodyOf()).toContain('"file_id"');
  const seventh = await change({ imageId: uploaded, prompt: 'as a print' });
  expect(uploads()).toBe(0);
  expect(seventh.sources.map(({ id }) => id)).toEqual([uploaded]);

  // 8 and 9: a mask, black and white, that goes up once as an alpha mask.
  const { id: maskImageId } = await uploadPicture(url, await halfMask());
  const eighth = await change({ imageId: firstOf(first), prompt: 'a boat on the left', maskImageId });
  expect(eighth).toMatchObject({ mask: { id: maskImageId }, route: 'IMAGE_BYTES' });
  expect(bodyOf()).toContain('"input_image_mask"');
  expect(uploads()).toBe(2);
  await change({ imageId: firstOf(first), prompt: 'a whale on the left', maskImageId });
  expect(uploads()).toBe(0);

  // 10 and 11: four at once, with their stages and without.
  const tenth = await generate({ prompt: 'four boats', conversationId, count: 4 });
  expect(tenth.images).toHaveLength(4);
  expect(creates()).toHaveLength(4);
  const eleventh = await generate({
    prompt: 'four moons',
    sourceImageIds: [uploaded],
    conversationId,
    count: 4,
    options: { ...NO_STAGES, size: '1024x1024' },
  });
  expect(eleventh.images).toHaveLength(4);
  expect(creates().map(({ path }) => path)).toEqual(['/v1/images/edits']);

  // 12 and 13: on from one of four, and from one that came without a response.
  const twelfth = await change({ imageId: tenth.images[2]?.id ?? '', prompt: 'with red sails' });
  expect(twelfth.route).toBe('PREVIOUS_RESPONSE');
  const thirteenth = await change({ imageId: eleventh.images[3]?.id ?? '', prompt: 'larger' });
  expect(thirteenth.route).toBe('IMAGE_BYTES');

  // 14: several sources at once.
  const sources = [firstOf(first), uploaded, firstOf(twelfth)];
  const fourteenth = await generate({ prompt: 'all of these in one', sourceImageIds: sources, conversationId });
  expect(fourteenth.sources.map(({ id }) => id)).toEqual(sources);
  expect(bodyOf().match(/"file_id"/gu)).toHaveLength(3);

  // 15 and 16: word for word, and with settings of its own.
  const fifteenth = await generate({ prompt: 'exactly this', conversationId, verbatim: true });
  expect(fifteenth).toMatchObject({ verbatim: true, images: [{ verbatim: true, revisedPrompt: 'exactly this' }] });
  const sixteenth = await generate({
    prompt: 'small and quick',
    conversationId,
    options: { ...OPTIONS, format: 'WEBP', compression: 60, quality: 'LOW', mainlineModel: 'gpt-5.4' },
  });
  expect(sixteenth.images[0]?.actual).toMatchObject({ format: 'WEBP', quality: 'LOW', mainlineModel: 'gpt-5.4' });

  // 17 to 20: and on.
  let newest = sixteenth;
  for (const prompt of ['a little wider', 'and calmer', 'with gulls', 'the last one']) {
    newest = await change({ imageId: firstOf(newest), prompt });
    expect(newest.conversation.id).toBe(conversationId);
  }

  expect(turns).toBe(20);
  const { conversation } = await data(url, ConversationDetails, { id: conversationId });
  expect(conversation?.calls.edges).toHaveLength(20);
  // Every picture that was made, and the one that was uploaded into the conversation.
  expect(conversation?.images.edges).toHaveLength(pictures + 1);
  expect(conversation?.cover?.id).toBe(firstOf(newest));
});
