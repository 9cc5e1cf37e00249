/** What is not allowed is refused with what would be right, before anything is stored or sent. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { data } from '../support/client.ts';
import { GenerateImage, RefineImage } from '../support/documents.ts';
import type { GenerateImageInput, ImageOptionsInput, RefineImageInput } from '../support/gql/graphql.ts';
import type { RunningServer } from '../support/server.ts';
import { callDetails, countRows, generateToEnd, makeImage, unknownId } from './steps.ts';
import { type DevelopingUpstream, startDevelopingUpstream, startServerAt } from './upstreams.ts';

let upstream: DevelopingUpstream;
let server: RunningServer;
let url: string;
let imageId: string;
let callId: string;
let stateBefore: object;

/** All that a refused request must leave as it was. */
function state() {
  return { requests: upstream.requests.length, rows: countRows(server.dataDir) };
}

beforeAll(async () => {
  upstream = await startDevelopingUpstream();
  server = await startServerAt(upstream, {
    // What a size has to keep to depends on the model.
    env: { OPENAI_IMAGE_MODEL: 'gpt-image-2.6-sunburst' },
  });
  ({ url } = server);
  ({ imageId, callId } = await makeImage(url, { prompt: 'a good one' }));
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await upstream?.close();
});

async function refuseGenerate(input: GenerateImageInput) {
  return (await data(url, GenerateImage, { input })).generateImage;
}

async function refuseRefine(input: RefineImageInput) {
  return (await data(url, RefineImage, { input })).refineImage;
}

const LONG = 'x'.repeat(32_001);
const PROMPTS = [
  { what: 'an empty prompt', prompt: '', right: 'must not be empty' },
  { what: 'a blank prompt', prompt: ' \n\t\u00a0', right: 'must not be empty' },
  { what: 'a prompt of 32,001 characters', prompt: LONG, right: 'at most 32000' },
];
const OPTIONS: readonly { options: ImageOptionsInput; field: string; right: string }[] = [
  { options: { size: 'large' }, field: 'size', right: '"1024x1536"' },
  { options: { size: '' }, field: 'size', right: '"1024x1536"' },
  { options: { partialImages: 9 }, field: 'partialImages', right: '0 to 3' },
  { options: { partialImages: -1 }, field: 'partialImages', right: '0 to 3' },
  { options: { compression: 101, format: 'WEBP' }, field: 'compression', right: '0 to 100' },
  { options: { compression: -1, format: 'JPEG' }, field: 'compression', right: '0 to 100' },
  { options: { model: ' ' }, field: 'model', right: '1 to 128 characters' },
];
const COMBINATIONS: readonly { options: ImageOptionsInput; option: string; right: string }[] = [
  { options: { size: '1000x1000' }, option: 'size', right: 'nearest supported size is 1008x1008' },
  { options: { size: '500x500' }, option: 'size', right: 'nearest supported size is 816x816' },
  { options: { size: '3856x2160' }, option: 'size', right: '3840' },
  { options: { size: '3840x1024' }, option: 'size', right: 'between 1:3 and 3:1' },
  { options: { size: '640x640' }, option: 'size', right: '655360' },
  { options: { size: '3840x3840' }, option: 'size', right: '8294400' },
  { options: { compression: 50, format: 'PNG' }, option: 'compression', right: 'WEBP or JPEG' },
  { options: { compression: 50 }, option: 'compression', right: 'WEBP or JPEG' },
  { options: { background: 'TRANSPARENT', format: 'JPEG' }, option: 'background', right: 'PNG or WEBP' },
  { options: { format: 'GIF', partialImages: 1 }, option: 'partialImages', right: 'no partial images' },
  { options: { format: 'GIF', partialImages: 3 }, option: 'partialImages', right: 'no partial images' },
];

describe('a refused request stores nothing and sends nothing', () => {
  beforeEach(() => {
    stateBefore = state();
  });
  afterEach(() => {
    expect(state()).toEqual(stateBefore);
  });

  describe('generateImage and refineImage', () => {
    it.each(PROMPTS)('name $what', async ({ prompt, right }) => {
      for (const refused of [await refuseGenerate({ prompt }), await refuseRefine({ imageId, prompt })]) {
        expect(refused).toMatchObject({
          __typename: 'InvalidInputError',
          code: 'INVALID_INPUT',
          fields: [{ field: 'prompt', message: expect.stringContaining(right) }],
        });
      }
    });

    it.each(OPTIONS)('name the option $field of $options', async ({ options, field, right }) => {
      const prompt = 'a boat';
      for (const refused of [
        await refuseGenerate({ prompt, options }),
        await refuseRefine({ imageId, prompt, options }),
      ]) {
        expect(refused).toMatchObject({
          __typename: 'InvalidInputError',
          fields: [{ field: `options.${field}`, message: expect.stringContaining(right) }],
        });
      }
    });

    it.each(COMBINATIONS)(
      'say that the model does not take $option of $options',
      async ({ options, option, right }) => {
        const prompt = 'a boat';
        for (const refused of [
          await refuseGenerate({ prompt, options }),
          await refuseRefine({ imageId, prompt, options }),
        ]) {
          expect(refused).toMatchObject({
            __typename: 'UnsupportedOptionError',
            code: 'UNSUPPORTED_OPTION',
            message: expect.stringContaining(`options.${option}: `),
          });
          expect(refused).toMatchObject({ message: expect.stringContaining(right) });
        }
      },
    );

    it('name everything that is wrong at once', async () => {
      const options = { size: 'large', partialImages: 9, compression: 101 } as const;
      const refused = await refuseGenerate({ prompt: ' ', options });
      const fields = refused.__typename === 'InvalidInputError' ? refused.fields.map(({ field }) => field) : [];
      expect(fields.toSorted()).toEqual(['options.compression', 'options.partialImages', 'options.size', 'prompt']);
    });

    it('name a bad id along with everything else that is wrong', async () => {
      const generate = await refuseGenerate({ prompt: ' ', conversationId: 'nonsense', options: { partialImages: 9 } });
      const refine = await refuseRefine({ prompt: ' ', imageId: 'nonsense', options: { partialImages: 9 } });
      const fieldsOf = (refused: typeof generate | typeof refine) =>
        refused.__typename === 'InvalidInputError' ? refused.fields.map(({ field }) => field).toSorted() : refused;
      expect(fieldsOf(generate)).toEqual(['conversationId', 'options.partialImages', 'prompt']);
      expect(fieldsOf(refine)).toEqual(['imageId', 'options.partialImages', 'prompt']);
    });

    it('say NOT_FOUND of an id that is well formed and names nothing', async () => {
      const prompt = 'a boat';
      expect(await refuseGenerate({ prompt, conversationId: unknownId('Conversation') })).toMatchObject({
        __typename: 'NotFoundError',
        code: 'NOT_FOUND',
        field: 'conversationId',
      });
      expect(await refuseRefine({ prompt, imageId: unknownId('Image') })).toMatchObject({
        __typename: 'NotFoundError',
        code: 'NOT_FOUND',
        field: 'imageId',
      });
    });

    it('say which kind of id is needed when it is the id of another thing', async () => {
      const prompt = 'a boat';
      expect(await refuseGenerate({ prompt, conversationId: imageId })).toMatchObject({
        __typename: 'InvalidInputError',
        fields: [{ field: 'conversationId', message: expect.stringContaining('the id of a Conversation is needed') }],
      });
      expect(await refuseRefine({ prompt, imageId: callId })).toMatchObject({
        __typename: 'InvalidInputError',
        fields: [{ field: 'imageId', message: expect.stringContaining('the id of an Image is needed') }],
      });
    });

    it.each(['', 'nonsense', '1', 'SW1hZ2U6', '💥'])('refuse %j as an id', async (id) => {
      const prompt = 'a boat';
      const message = expect.stringContaining('is not an id of this API');
      expect(await refuseGenerate({ prompt, conversationId: id })).toMatchObject({
        fields: [{ field: 'conversationId', message }],
      });
      expect(await refuseRefine({ prompt, imageId: id })).toMatchObject({ fields: [{ field: 'imageId', message }] });
    });
  });
});

describe('the longest and the oddest that is allowed', () => {
  it.each([LONG.slice(1), 'ein Boot 🚣‍♀️ — «très» 漢字 \u202e', '"quotes" \\ and {braces}'])(
    'is taken, word for word',
    async (prompt) => {
      const { id } = await generateToEnd(url, { prompt });
      expect((await callDetails(url, id)).prompt).toBe(prompt);
      expect(upstream.requests.at(-1)?.body['input']).toBe(prompt);
    },
  );
});
