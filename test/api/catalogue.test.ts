/** The catalogue through the API: what it shows, and that whatever it knows to be wrong costs nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  COMPLEXITIES,
  IMAGE_BACKGROUNDS,
  IMAGE_FORMATS,
  IMAGE_QUALITIES,
  INPUT_FIDELITIES,
} from '../../src/domain/generation/options.ts';
import { modelStatus } from '../../src/domain/models/catalogue.ts';
import { MODELS } from '../../src/domain/models/table.ts';
import { data } from '../support/client.ts';
import type { GenerateImageInput, ImageOptionsInput } from '../support/gql/graphql.ts';
import { Estimate, Models } from '../support/price-documents.ts';
import { uploadPicture } from '../support/upload.ts';
import { openShop, order, orderToEnd, type Shop } from './orders.ts';
import { picture } from './steps.ts';

let shop: Shop;
let source: string;
let mask: string;
beforeAll(async () => {
  shop = await openShop();
  const bytes = await picture('black', 1024, 640);
  source = (await uploadPicture(shop.url, bytes)).id;
  mask = (await uploadPicture(shop.url, bytes)).id;
});
afterAll(() => shop[Symbol.asyncDispose]());

/** What the model's row leaves out of everything that can be asked. */
function wrongWishes(model: (typeof MODELS)[number]): { option: string; input: Partial<GenerateImageInput> }[] {
  const options = (option: keyof ImageOptionsInput, values: readonly unknown[], allowed: readonly unknown[]) =>
    values
      .filter((value) => !allowed.includes(value))
      .map((value) => ({ option: `options.${option}`, input: { options: { [option]: value } } }));
  return [
    ...options('quality', IMAGE_QUALITIES, model.qualities),
    ...options('format', IMAGE_FORMATS, model.formats),
    ...options('background', IMAGE_BACKGROUNDS, model.backgrounds),
    ...options('inputFidelity', INPUT_FIDELITIES, model.inputFidelities),
    ...options('size', model.sizeRules === null ? ['1024x640', '2048x2048'] : ['500x500', '3840x3840'], model.sizes),
    { option: 'options.background', input: { options: { background: 'TRANSPARENT', format: 'JPEG' } } },
    { option: 'options.compression', input: { options: { compression: 50, format: 'PNG' } } },
    ...(model.formats.includes('GIF')
      ? [1, 3].map((partialImages) => ({
          option: 'options.partialImages',
          input: { options: { format: 'GIF', partialImages } } as const,
        }))
      : []),
    ...options('complexity', COMPLEXITIES, model.complexities),
    { option: 'options.frameCount', input: { options: { frameCount: 4, format: 'PNG' } } },
    { option: 'options.frameDurationMs', input: { options: { frameDurationMs: 40 } } },
    { option: 'options.svg.model', input: { options: { svg: { model: 'gpt-6-astra' }, format: 'JPEG' } } },
    { option: 'options.svg.reasoningEffort', input: { options: { svg: { reasoningEffort: 'LOW' } } } },
    { option: 'options.format', input: { sourceImageIds: [source], maskImageId: mask, options: { format: 'GIF' } } },
  ];
}

describe('the catalogue', () => {
  it('shows every model with what it can do, what it costs and how long it is there', async () => {
    const { models } = await data(shop.url, Models, {});
    expect(models.map(({ name }) => name)).toEqual(MODELS.map(({ name }) => name));
    expect(models.filter(({ isDefault }) => isDefault).map(({ name }) => name)).toEqual(['gpt-image-2.6-sunburst']);
    expect(models.find(({ name }) => name === 'gpt-image-2')).toMatchObject({
      snapshots: ['gpt-image-2-2026-04-21'],
      status: 'CURRENT',
      qualities: ['AUTO', 'LOW', 'MEDIUM', 'HIGH'],
      inputFidelities: [],
      complexities: [],
      takesMarkup: false,
      prices: { textInput: '5', imageInput: '8', imageOutput: '30' },
    });
    expect(models.find(({ name }) => name === 'gpt-image-2.6-sunburst')).toMatchObject({
      complexities: ['LOW', 'MEDIUM', 'HIGH'],
      takesMarkup: true,
    });
    expect(models.find(({ name }) => name === 'gpt-image-1')).toMatchObject({
      status: 'RETIRED',
      successor: 'gpt-image-2.5-sunburst',
    });
  });

  it('has every combination that it knows to be wrong refused, with what would be right and nothing sent', async () => {
    const before = shop.requests.length;
    const wrong = MODELS.flatMap((model) => wrongWishes(model).map((wish) => ({ model, ...wish })));
    expect(wrong.length).toBeGreaterThan(20);
    for (const { model, option, input } of wrong) {
      const options = { ...input.options, model: model.name };
      const refused = await order(shop.url, { prompt: 'a kite', ...input, options });
      const isRetired = modelStatus(model, new Date()) === 'RETIRED';
      expect(refused, JSON.stringify({ ...input, options })).toMatchObject({
        __typename: 'UnsupportedOptionError',
        code: 'UNSUPPORTED_OPTION',
        model: model.name,
        option: isRetired ? 'options.model' : option,
      });
    }
    expect(shop.requests).toHaveLength(before);
  });

  it('has a retired model refused with the name of its successor', async () => {
    expect(await order(shop.url, { prompt: 'a kite', options: { model: 'gpt-image-1' } })).toMatchObject({
      __typename: 'UnsupportedOptionError',
      message: 'The model gpt-image-1 was shut down. Use gpt-image-2.5-sunburst instead.',
      allowed: ['gpt-image-2.5-sunburst'],
    });
  });

  it('warns of a model that will be shut down, unless it is gone by now', async () => {
    const options = { model: 'gpt-image-1.5', size: '1024x1024', format: 'JPEG', partialImages: 0 } as const;
    const accepted = await order(shop.url, { prompt: 'a kite', options });
    if (accepted.__typename === 'UnsupportedOptionError') {
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse('2026-12-01T00:00:00Z'));
      return;
    }
    const { call } = await orderToEnd(shop.url, { prompt: 'a kite', options });
    expect(call.warnings).toEqual([
      {
        code: 'MODEL_RETIRING',
        message: 'The model gpt-image-1.5 will be shut down on 2026-12-01. Use gpt-image-2.6-sunburst instead.',
      },
    ]);
  });

  it('tells an estimate what it refuses, as it tells a call', async () => {
    const input = { prompt: 'a kite', options: { model: 'gpt-image-2', quality: 'MAX' } } as const;
    const { estimateGeneration } = await data(shop.url, Estimate, { input });
    expect(estimateGeneration).toMatchObject({
      __typename: 'UnsupportedOptionError',
      code: 'UNSUPPORTED_OPTION',
      model: 'gpt-image-2',
      option: 'options.quality',
      allowed: ['AUTO', 'LOW', 'MEDIUM', 'HIGH'],
    });
  });

  it.each([
    [
      { quality: 'MAX', size: '999x999' },
      { quality: 'max', size: '999x999' },
    ],
    [
      { background: 'TRANSPARENT', format: 'JPEG' },
      { background: 'transparent', output_format: 'jpeg' },
    ],
    [{ compression: 50 }, { output_compression: 50 }],
    [
      { format: 'GIF', partialImages: 3 },
      { output_format: 'gif', partial_images: 3 },
    ],
  ] as const)('leaves a model that it does not know to the upstream: %j', async (wish, tool) => {
    const before = shop.creates().length;
    const { call } = await orderToEnd(shop.url, { prompt: 'a kite', options: { model: 'model-of-tomorrow', ...wish } });
    expect(call).toMatchObject({ status: 'FAILED', failure: { code: 'INVALID_REQUEST' } });
    expect(shop.creates()).toHaveLength(before + 1);
    expect(shop.creates().at(-1)?.body).toMatchObject({ tools: [{ model: 'model-of-tomorrow', ...tool }] });
  });
});
