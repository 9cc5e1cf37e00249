/** Usage, Cost and CostLine: the tokens that were used and their cost. */
import {
  COST_BASES,
  COST_LINE_KINDS,
  type Cost,
  type CostBasis,
  type CostLine,
  type CostLineKind,
  CURRENCY,
} from '../../src/domain/cost/cost.ts';
import type { ImageUsage, MainlineUsage, SvgUsage, TokenUsage } from '../../src/domain/cost/usage.ts';
import { builder } from '../builder.ts';
import { enumOf } from './images/image-settings.ts';

export const CostBasisRef = enumOf<CostBasis>('CostBasis', 'How a cost was determined.', COST_BASES, {
  REPORTED: 'The upstream reported all tokens.',
  ESTIMATED:
    'Some or all tokens are estimates: the upstream did not report them, reported too few for the images that arrived, ' +
    'or may have charged them without a report. With a completion window: whether its discount was given is not known.',
});

const CostLineKindRef = enumOf<CostLineKind>('CostLineKind', 'The kind of tokens of a cost line.', COST_LINE_KINDS, {
  MAINLINE_INPUT: 'Input of the mainline model that was not cached.',
  MAINLINE_CACHED_INPUT: 'Cached input of the mainline model.',
  MAINLINE_OUTPUT: 'Output of the mainline model, including reasoning.',
  IMAGE_TEXT_INPUT: 'Text input of the image model that was not cached.',
  IMAGE_CACHED_TEXT_INPUT: 'Cached text input of the image model.',
  IMAGE_INPUT: 'Image input of the image model that was not cached.',
  IMAGE_CACHED_INPUT: 'Cached image input of the image model.',
  IMAGE_OUTPUT: 'Image output of the image model, including partial images.',
  IMAGE_TEXT_OUTPUT: 'Text output of the image model.',
  SVG_INPUT: 'Input of the model that writes an SVG.',
  SVG_OUTPUT: 'Output of the model that writes an SVG, including reasoning.',
});

const CostLineRef = builder.objectRef<CostLine>('CostLine').implement({
  description: 'The cost of the tokens of one kind, at one price.',
  fields: (t) => ({
    kind: t.expose('kind', { type: CostLineKindRef, description: 'The kind of tokens.' }),
    model: t.exposeString('model', {
      nullable: true,
      description: 'The model that used the tokens; null when it is not known.',
    }),
    tokens: t.expose('tokens', { type: 'SafeInt', description: 'The number of tokens.' }),
    pricePerMillion: t.expose('pricePerMillion', {
      type: 'Decimal',
      nullable: true,
      description:
        'The price of a million tokens at the time they were used, in `Cost.currency`; null when it is not known.',
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      nullable: true,
      description: 'The cost of the tokens in `Cost.currency`, never rounded; null when the price is not known.',
    }),
  }),
});

/** The field beside every amount that has no `Cost`. */
export const currencyField = <Field>(t: {
  string(options: { readonly description: string; readonly resolve: () => string }): Field;
}) => t.string({ description: 'The ISO 4217 currency code: `USD`.', resolve: () => CURRENCY });

export const CostRef = builder.objectRef<Cost>('Cost').implement({
  description:
    'A cost, in decimals that are never rounded. With the built-in simulator, which is free, it is what OpenAI would ' +
    'charge.',
  fields: (t) => ({
    amount: t.expose('amount', {
      type: 'Decimal',
      description: 'The sum of all lines whose price is known, in `currency`.',
    }),
    currency: currencyField(t),
    basis: t.expose('basis', {
      type: CostBasisRef,
      description: 'How the cost was determined: ESTIMATED when any part is an estimate.',
    }),
    complete: t.exposeBoolean('complete', {
      description:
        'Whether `amount` covers everything. False when the price or the number of some tokens is not known; the ' +
        'real cost is then higher than `amount`.',
    }),
    lines: t.expose('lines', {
      type: [CostLineRef],
      description: 'The parts of the cost. Tokens of the same kind are combined into one line.',
    }),
  }),
});

const MainlineUsageRef = builder.objectRef<MainlineUsage>('MainlineUsage').implement({
  description: 'Tokens used by the mainline model, which reads the prompt and calls the image model.',
  fields: (t) => ({
    model: t.exposeString('model', {
      nullable: true,
      description: 'The name of the model, as reported by the upstream; null when it was not reported.',
    }),
    inputTokens: t.expose('inputTokens', { type: 'SafeInt', description: 'The number of input tokens.' }),
    cachedInputTokens: t.expose('cachedInputTokens', {
      type: 'SafeInt',
      description: 'The number of input tokens that came from the cache.',
    }),
    outputTokens: t.expose('outputTokens', { type: 'SafeInt', description: 'The number of output tokens.' }),
    reasoningTokens: t.expose('reasoningTokens', {
      type: 'SafeInt',
      description: 'The number of output tokens that were used for reasoning.',
    }),
  }),
});

const ImageUsageRef = builder.objectRef<ImageUsage>('ImageUsage').implement({
  description: 'Tokens used by the image model.',
  fields: (t) => ({
    model: t.exposeString('model', {
      nullable: true,
      description: 'The name of the model, as reported by the upstream; null when it was not reported.',
    }),
    textInputTokens: t.expose('textInputTokens', { type: 'SafeInt', description: 'The number of text input tokens.' }),
    cachedTextInputTokens: t.expose('cachedTextInputTokens', {
      type: 'SafeInt',
      description: 'The number of text input tokens that came from the cache.',
    }),
    imageInputTokens: t.expose('imageInputTokens', {
      type: 'SafeInt',
      description: 'The number of image input tokens.',
    }),
    cachedImageInputTokens: t.expose('cachedImageInputTokens', {
      type: 'SafeInt',
      description: 'The number of image input tokens that came from the cache.',
    }),
    outputTokens: t.expose('outputTokens', {
      type: 'SafeInt',
      description: 'The number of output tokens. Each partial image counts 100 of them.',
    }),
    textOutputTokens: t.expose('textOutputTokens', {
      type: 'SafeInt',
      description: 'The number of output tokens that are text.',
    }),
  }),
});

const SvgUsageRef = builder.objectRef<SvgUsage>('SvgUsage').implement({
  description: 'Tokens of the language model that writes an SVG from the picture of the image model.',
  fields: (t) => ({
    model: t.exposeString('model', {
      nullable: true,
      description: 'The name of the model, as reported by the upstream; null when it was not reported.',
    }),
    inputTokens: t.expose('inputTokens', { type: 'SafeInt', description: 'The number of input tokens.' }),
    outputTokens: t.expose('outputTokens', { type: 'SafeInt', description: 'The number of output tokens.' }),
    reasoningTokens: t.expose('reasoningTokens', {
      type: 'SafeInt',
      description: 'The number of output tokens that were used for reasoning.',
    }),
  }),
});

export const UsageRef = builder.objectRef<TokenUsage>('Usage').implement({
  description: 'The tokens that were used, as reported by the upstream.',
  fields: (t) => ({
    mainline: t.expose('mainline', {
      type: MainlineUsageRef,
      nullable: true,
      description:
        'Tokens of the mainline model; null when nothing was reported, and with the Image API, which uses no ' +
        'mainline model.',
    }),
    image: t.expose('image', {
      type: ImageUsageRef,
      nullable: true,
      description: 'Tokens of the image model; null when nothing was reported.',
    }),
    svg: t.expose('svg', {
      type: SvgUsageRef,
      nullable: true,
      description: 'Tokens of the model that wrote an SVG; null when nothing was reported, and for other formats.',
    }),
    totalTokens: t.field({
      type: 'SafeInt',
      description: 'The total number of input and output tokens of all models.',
      resolve: ({ mainline, image, svg }) =>
        (mainline?.inputTokens ?? 0) +
        (mainline?.outputTokens ?? 0) +
        (image?.textInputTokens ?? 0) +
        (image?.imageInputTokens ?? 0) +
        (image?.outputTokens ?? 0) +
        (svg?.inputTokens ?? 0) +
        (svg?.outputTokens ?? 0),
    }),
  }),
});
