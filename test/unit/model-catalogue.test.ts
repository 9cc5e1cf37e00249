/** The catalogue of image models: what it refuses, what it passes on, and when it warns. */
import { describe, expect, it } from 'vitest';
import { UnsupportedOptionError } from '../../src/domain/errors.ts';
import { type ImageSettings, NO_SETTINGS } from '../../src/domain/generation/options.ts';
import {
  DEFAULT_IMAGE_MODEL,
  findModel,
  type ModelRequest,
  modelFor,
  modelStatus,
  unsupportedOption,
} from '../../src/domain/models/catalogue.ts';
import { type CatalogueModel, MODELS } from '../../src/domain/models/table.ts';

const NOW = new Date('2026-11-24T12:00:00Z');

function ask(settings: Partial<ImageSettings>, more: Partial<ModelRequest> = {}): ModelRequest {
  return { settings: { ...NO_SETTINGS, ...settings }, count: 1, hasMask: false, hasMarkup: false, ...more };
}

function refusal(name: string, request: ModelRequest, now = NOW) {
  const model = findModel(name);
  if (model === null) throw new Error(`${name} is not in the catalogue`);
  return unsupportedOption(request, model, now);
}

describe('a model', () => {
  it.each([
    ['gpt-image-2', ask({ quality: 'XHIGH' }), 'options.quality', ['AUTO', 'LOW', 'MEDIUM', 'HIGH']],
    ['gpt-image-2', ask({ inputFidelity: 'HIGH' }), 'options.inputFidelity', []],
    ['gpt-image-2', ask({ format: 'GIF' }), 'options.format', ['PNG', 'WEBP', 'JPEG']],
    ['gpt-image-1.5', ask({ format: 'SVG' }), 'options.format', ['PNG', 'WEBP', 'JPEG']],
    ['gpt-image-1-mini', ask({ inputFidelity: 'HIGH' }), 'options.inputFidelity', ['LOW']],
    ['gpt-image-1-mini', ask({ size: '1024x640' }), 'options.size', ['auto', '1024x1024', '1536x1024', '1024x1536']],
    [
      'gpt-image-2.6-sunburst',
      ask({ format: 'GIF' }, { hasMask: true }),
      'options.format',
      ['PNG', 'WEBP', 'JPEG', 'SVG'],
    ],
    ['gpt-image-2.6-sunburst', ask({ format: 'GIF', partialImages: 1 }), 'options.partialImages', ['0']],
    ['gpt-image-2.6-sunburst', ask({ format: 'GIF', partialImages: 3 }), 'options.partialImages', ['0']],
    [
      'gpt-image-2.6-sunburst',
      ask({ background: 'TRANSPARENT', format: 'JPEG' }),
      'options.background',
      ['AUTO', 'OPAQUE'],
    ],
    [
      'gpt-image-2.6-sunburst',
      ask({ background: 'TRANSPARENT', format: 'GIF' }),
      'options.background',
      ['AUTO', 'OPAQUE'],
    ],
    ['gpt-image-2', ask({ compression: 0 }), 'options.compression', []],
    ['gpt-image-2', ask({ compression: 50, format: 'PNG' }), 'options.compression', []],
    ['gpt-image-2.6-flare', ask({ compression: 50, format: 'GIF' }), 'options.compression', []],
    ['gpt-image-2.6-flare', ask({ compression: 50, format: 'SVG' }), 'options.compression', []],
    [
      'gpt-image-2',
      ask({ size: '500x500' }),
      'options.size',
      ['816x816', '1024x1024', '1536x1024', '1024x1536', 'auto'],
    ],
    ['gpt-image-2.5-sunburst', ask({ complexity: 'LOW' }), 'options.complexity', []],
    ['gpt-image-2', ask({ complexity: 'HIGH' }), 'options.complexity', []],
    ['gpt-image-1-mini', ask({ complexity: 'HIGH' }), 'options.complexity', []],
    ['gpt-image-2', ask({}, { hasMarkup: true }), 'markupImageId', []],
    ['gpt-image-1.5', ask({}, { hasMarkup: true }), 'markupImageId', []],
    ['gpt-image-2.6-flare', ask({ frameCount: 4 }), 'options.frameCount', []],
    ['gpt-image-2.6-flare', ask({ frameCount: 4, format: 'WEBP' }), 'options.frameCount', []],
    ['gpt-image-2.6-flare', ask({ frameDurationMs: 100, format: 'SVG' }), 'options.frameDurationMs', []],
    [
      'gpt-image-2.6-flare',
      ask({ svg: { model: 'gpt-6-astra', reasoningEffort: 'LOW' }, format: 'GIF' }),
      'options.svg.model',
      [],
    ],
    ['gpt-image-2', ask({ svg: { model: null, reasoningEffort: 'LOW' } }), 'options.svg.reasoningEffort', []],
    ['gpt-image-1', ask({}), 'options.model', ['gpt-image-2.5-sunburst']],
  ] as const)('%s refuses %j for %s', (name, request, option, allowed) => {
    expect(refusal(name, request)).toMatchObject({ model: name, option, allowed });
  });

  it('takes all that its row says', () => {
    for (const model of MODELS.filter((each) => modelStatus(each, NOW) !== 'RETIRED')) {
      const wishes: Partial<ImageSettings>[] = [
        ...model.sizes.map((size) => ({ size })),
        ...model.qualities.map((quality) => ({ quality })),
        ...model.formats.map((format) => ({ format })),
        ...model.backgrounds.map((background) => ({ background })),
        ...model.inputFidelities.map((inputFidelity) => ({ inputFidelity })),
        ...model.complexities.map((complexity) => ({ complexity })),
        { partialImages: model.maxPartialImages },
        { size: 'auto' },
        { background: 'TRANSPARENT' },
        { background: 'TRANSPARENT', format: 'WEBP' },
        { background: 'OPAQUE', format: 'JPEG' },
        { format: 'WEBP', compression: 0 },
        { format: 'JPEG', compression: 100 },
        ...(model.sizeRules === null ? [] : [{ size: '1024x640' }]),
      ];
      for (const wish of wishes) expect(refusal(model.name, ask(wish))).toBeNull();
    }
  });

  it.each(['gpt-image-2.5-sunburst', 'gpt-image-2.5-flare'])('%s is asked for a GIF and an SVG', (name) => {
    expect(refusal(name, ask({ format: 'GIF', frameCount: 16, frameDurationMs: 40 }))).toBeNull();
    const svg = { model: 'gpt-6-astra', reasoningEffort: 'XHIGH' } as const;
    expect(refusal(name, ask({ format: 'SVG', svg }))).toBeNull();
    expect(refusal(name, ask({}, { hasMarkup: true }))).toBeNull();
  });

  it('that is not in the table is passed on', () => {
    expect(findModel('model-of-tomorrow')).toBeNull();
    expect(findModel('gpt-image-2-2026-04-21')?.name).toBe('gpt-image-2');
  });

  it('is the default one where none is named, but for a service of which nothing is known', () => {
    expect(modelFor({ kind: 'OPENAI', imageModel: null }, null)?.name).toBe(DEFAULT_IMAGE_MODEL);
    expect(modelFor({ kind: 'COMPATIBLE', imageModel: null }, null)).toBeNull();
    expect(modelFor({ kind: 'COMPATIBLE', imageModel: 'gpt-image-2' }, null)?.name).toBe('gpt-image-2');
    expect(modelFor({ kind: 'OPENAI', imageModel: 'gpt-image-2' }, 'gpt-image-1.5')?.name).toBe('gpt-image-1.5');
  });

  // The first row is there.
  const modest = {
    ...(MODELS[0] as CatalogueModel),
    name: 'modest',
    maxPartialImages: 1,
    maxCount: 4,
    takesMask: false,
  };
  it.each([
    [ask({ partialImages: 2 }), 'options.partialImages', ['0', '1']],
    [ask({}, { count: 5 }), 'count', ['1', '2', '3', '4']],
    [ask({}, { hasMask: true }), 'maskImageId', []],
  ] as const)('that does less than others refuses %j for %s', (request, option, allowed) => {
    expect(unsupportedOption(request, modest, NOW)).toMatchObject({ model: 'modest', option, allowed });
  });

  it('that does less than others takes as much as its row says', () => {
    expect(unsupportedOption(ask({ partialImages: 1 }, { count: 4 }), modest, NOW)).toBeNull();
  });

  it.each(['gpt-image-1.5', 'gpt-image-1.5-2025-12-16', 'gpt-image-1-mini', 'chatgpt-image-latest'])(
    '%s warns before its end, and is refused from then on with its successor',
    (name) => {
      const model = findModel(name);
      if (model === null) throw new Error('it is in the table');
      expect(modelStatus(model, new Date('2026-08-01T00:00:00Z'))).toBe('CURRENT');
      expect(modelStatus(model, NOW)).toBe('RETIRING');
      expect(modelStatus(model, new Date('2026-12-01T00:00:00Z'))).toBe('RETIRED');
      const late = refusal(name, ask({}), new Date('2026-12-02T00:00:00Z'));
      if (late === null) throw new Error('it was not refused');
      expect(new UnsupportedOptionError(late).message).toBe(
        `The model ${model.name} was shut down. Use gpt-image-2.6-sunburst instead.`,
      );
    },
  );

  it.each([
    [{ quality: 'MAX' }, 'MAX for options.quality: use AUTO, LOW, MEDIUM, HIGH.'],
    [{ inputFidelity: 'LOW' }, 'LOW for options.inputFidelity: omit it.'],
    [
      { size: '500x500' },
      '500x500 for options.size: both edges must be divisible by 16; the nearest supported size is 816x816.',
    ],
    [
      { background: 'TRANSPARENT', format: 'JPEG' },
      'TRANSPARENT for options.background: it requires the format PNG or WEBP, not JPEG.',
    ],
    [{ frameCount: 4 }, '4 for options.frameCount: it requires the format GIF, not PNG, the default.'],
    [
      { svg: { model: 'gpt-6-astra', reasoningEffort: null }, format: 'WEBP' },
      'gpt-6-astra for options.svg.model: it requires the format SVG, not WEBP.',
    ],
    [{ compression: 50 }, '50 for options.compression: it requires the format WEBP or JPEG, not PNG, the default.'],
  ] as const)('is refused in words that say what would be right: %j', (settings, words) => {
    const unsupported = refusal('gpt-image-2', ask(settings));
    if (unsupported === null) throw new Error('it was not refused');
    expect(new UnsupportedOptionError(unsupported).message).toBe(`The model gpt-image-2 does not support ${words}`);
  });

  it('has a successor that is there, and every name only once', () => {
    const names = MODELS.flatMap(({ name, snapshots }) => [name, ...snapshots]);
    expect(new Set(names).size).toBe(names.length);
    for (const { successor } of MODELS) if (successor !== null) expect(findModel(successor)?.retiresAt).toBeNull();
  });
});
