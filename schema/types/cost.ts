/** What was used and what it cost: usage, cost and its lines. */
import {
  COST_BASES,
  COST_LINE_KINDS,
  type Cost,
  type CostBasis,
  type CostLine,
  type CostLineKind,
} from '../../src/domain/cost/cost.ts';
import type { ImageUsage, MainlineUsage, TokenUsage } from '../../src/domain/cost/usage.ts';
import { builder } from '../builder.ts';
import { enumOf } from './image-settings.ts';

const CostBasisRef = enumOf<CostBasis>('CostBasis', 'What a cost rests on.', COST_BASES, {
  REPORTED: 'Tokens that the upstream reported, all of them.',
  ESTIMATED:
    'Tokens that were estimated, at least in part: what the upstream did not report, or may have charged without a word.',
});

const CostLineKindRef = enumOf<CostLineKind>('CostLineKind', 'What kind of tokens a line is about.', COST_LINE_KINDS, {
  MAINLINE_INPUT: 'What the mainline model read, and had not read just before.',
  MAINLINE_CACHED_INPUT: 'What the mainline model read from its cache.',
  MAINLINE_OUTPUT: 'What the mainline model wrote, its reasoning included.',
  IMAGE_TEXT_INPUT: 'Text that the image model read.',
  IMAGE_CACHED_TEXT_INPUT: 'Text that the image model read from its cache.',
  IMAGE_INPUT: 'Pictures that the image model looked at.',
  IMAGE_CACHED_INPUT: 'Pictures that the image model looked at, from its cache.',
  IMAGE_OUTPUT: 'Pictures that the image model drew, partial ones included.',
  IMAGE_TEXT_OUTPUT: 'Text that the image model wrote.',
});

const CostLineRef = builder.objectRef<CostLine>('CostLine').implement({
  description: 'Tokens of one kind at one price.',
  fields: (t) => ({
    kind: t.expose('kind', { type: CostLineKindRef, description: 'What kind of tokens.' }),
    model: t.exposeString('model', { nullable: true, description: 'The model that used them, where it is known.' }),
    tokens: t.expose('tokens', { type: 'SafeInt', description: 'How many.' }),
    pricePerMillion: t.expose('pricePerMillion', {
      type: 'Decimal',
      nullable: true,
      description: 'What a million of them cost when they were used; null when that is not known.',
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      nullable: true,
      description: 'What these cost, never rounded; null when the price is not known.',
    }),
  }),
});

export const CostRef = builder.objectRef<Cost>('Cost').implement({
  description:
    'What something cost, in decimals that are never rounded. With the built-in simulator, which is free, it is what ' +
    'OpenAI would charge.',
  fields: (t) => ({
    amount: t.expose('amount', { type: 'Decimal', description: 'The sum of the lines whose price is known.' }),
    currency: t.exposeString('currency', { description: 'ISO 4217: `USD`.' }),
    basis: t.expose('basis', { type: CostBasisRef, description: 'ESTIMATED when any part of it is.' }),
    complete: t.exposeBoolean('complete', {
      description:
        'False when the price, or the number, of some tokens is not known: the cost is more than `amount` then.',
    }),
    lines: t.expose('lines', { type: [CostLineRef], description: 'What it is made of; equal kinds are one line.' }),
  }),
});

const MainlineUsageRef = builder.objectRef<MainlineUsage>('MainlineUsage').implement({
  description: 'Tokens of the mainline model, which reads the prompt and calls the image model.',
  fields: (t) => ({
    model: t.exposeString('model', { nullable: true, description: 'As the upstream names it.' }),
    inputTokens: t.expose('inputTokens', { type: 'SafeInt', description: 'What it read.' }),
    cachedInputTokens: t.expose('cachedInputTokens', { type: 'SafeInt', description: 'Of that, from its cache.' }),
    outputTokens: t.expose('outputTokens', { type: 'SafeInt', description: 'What it wrote.' }),
    reasoningTokens: t.expose('reasoningTokens', { type: 'SafeInt', description: 'Of that, in thought.' }),
  }),
});

const ImageUsageRef = builder.objectRef<ImageUsage>('ImageUsage').implement({
  description: 'Tokens of the image model.',
  fields: (t) => ({
    model: t.exposeString('model', { nullable: true, description: 'As the upstream names it.' }),
    textInputTokens: t.expose('textInputTokens', { type: 'SafeInt', description: 'Text that it read.' }),
    cachedTextInputTokens: t.expose('cachedTextInputTokens', {
      type: 'SafeInt',
      description: 'Of that, from its cache.',
    }),
    imageInputTokens: t.expose('imageInputTokens', { type: 'SafeInt', description: 'Pictures that it looked at.' }),
    cachedImageInputTokens: t.expose('cachedImageInputTokens', {
      type: 'SafeInt',
      description: 'Of these, from its cache.',
    }),
    outputTokens: t.expose('outputTokens', {
      type: 'SafeInt',
      description: 'What it drew. Each partial image is 100 of these.',
    }),
    textOutputTokens: t.expose('textOutputTokens', { type: 'SafeInt', description: 'Of that, text.' }),
  }),
});

export const UsageRef = builder.objectRef<TokenUsage>('Usage').implement({
  description: 'What was used, in tokens as the upstream reported them.',
  fields: (t) => ({
    mainline: t.expose('mainline', {
      type: MainlineUsageRef,
      nullable: true,
      description: 'Null with the Image API, which has no mainline model, and where nothing was reported.',
    }),
    image: t.expose('image', { type: ImageUsageRef, nullable: true, description: 'Null where nothing was reported.' }),
    totalTokens: t.field({
      type: 'SafeInt',
      description: 'Everything together.',
      resolve: ({ mainline, image }) =>
        (mainline?.inputTokens ?? 0) +
        (mainline?.outputTokens ?? 0) +
        (image?.textInputTokens ?? 0) +
        (image?.imageInputTokens ?? 0) +
        (image?.outputTokens ?? 0),
    }),
  }),
});
