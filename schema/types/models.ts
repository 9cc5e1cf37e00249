/** The image models that the server knows: what each can do, what it costs, how long it will be there. */

import { type ImagePrices, pricesOf } from '../../src/domain/cost/prices.ts';
import { MODEL_STATUSES, type ModelStatus, modelFor, modelStatus } from '../../src/domain/models/catalogue.ts';
import type { CatalogueModel, SizeRules } from '../../src/domain/models/table.ts';
import { CATALOGUE_DATE, MODELS } from '../../src/domain/models/table.ts';
import { builder } from '../builder.ts';
import { enumOf, ImageBackgroundRef, ImageFormatRef, ImageQualityRef, InputFidelityRef } from './image-settings.ts';

const ModelStatusRef = enumOf<ModelStatus>('ModelStatus', 'Where a model stands.', MODEL_STATUSES, {
  CURRENT: 'There to stay, as far as is known.',
  RETIRING: 'Will be shut down within 90 days: calls carry a warning.',
  RETIRED: 'Was shut down: calls are refused, with the name of its successor.',
});

const SizeRulesRef = builder.objectRef<SizeRules>('SizeRules').implement({
  description: 'What a size has to keep to.',
  fields: (t) => ({
    edgeStep: t.exposeInt('edgeStep', { description: 'Pixels by which both edges are divisible.' }),
    longestEdge: t.exposeInt('longestEdge', { description: 'The longest edge, in pixels.' }),
    leastPixels: t.exposeInt('leastPixels', { description: 'The fewest pixels in all.' }),
    mostPixels: t.exposeInt('mostPixels', { description: 'The most pixels in all.' }),
    mostRatio: t.exposeInt('mostRatio', { description: 'The longer edge is at most so many times the shorter.' }),
  }),
});

const ImagePricesRef = builder.objectRef<ImagePrices>('ImageModelPrices').implement({
  description: 'What a million tokens cost, in US dollars.',
  fields: (t) => ({
    textInput: t.expose('textInput', { type: 'Decimal', description: 'Text that is read.' }),
    cachedTextInput: t.expose('cachedTextInput', { type: 'Decimal', description: 'Text that is read from the cache.' }),
    imageInput: t.expose('imageInput', { type: 'Decimal', description: 'Pictures that are looked at.' }),
    cachedImageInput: t.expose('cachedImageInput', { type: 'Decimal', description: 'The same, from the cache.' }),
    imageOutput: t.expose('imageOutput', { type: 'Decimal', description: 'Pictures that are drawn.' }),
    textOutput: t.expose('textOutput', {
      type: 'Decimal',
      nullable: true,
      description: 'Text that is written; null when that is not known.',
    }),
  }),
});

const ImageModelRef = builder.objectRef<CatalogueModel>('ImageModel').implement({
  description: 'An image model, as far as it is known here. Others can be asked for, too: the upstream judges them.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'For `options.model`.' }),
    snapshots: t.exposeStringList('snapshots', { description: 'Dated names of the same model, which work as well.' }),
    isDefault: t.boolean({
      description: 'Whether it is taken when none is asked for.',
      resolve: ({ name }, _, { upstream }) => modelFor(upstream, null)?.name === name,
    }),
    status: t.field({
      type: ModelStatusRef,
      description: 'Where it stands now.',
      resolve: (model) => modelStatus(model, new Date()),
    }),
    retiresAt: t.expose('retiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was, or will be, shut down; null when nothing is announced.',
    }),
    successor: t.exposeString('successor', { nullable: true, description: 'What comes after it.' }),
    sizes: t.expose('sizes', {
      type: ['ImageSize'],
      description: 'The sizes that it takes besides `auto`; where there are rules, the usual ones.',
    }),
    sizeRules: t.expose('sizeRules', {
      type: SizeRulesRef,
      nullable: true,
      description: 'It takes any size that keeps to these; null when it takes the listed ones only.',
    }),
    qualities: t.expose('qualities', { type: [ImageQualityRef], description: 'The qualities that it takes.' }),
    formats: t.expose('formats', {
      type: [ImageFormatRef],
      description: 'The formats that it can be asked for. Where nothing is known of GIF and SVG, the upstream judges.',
    }),
    backgrounds: t.expose('backgrounds', { type: [ImageBackgroundRef], description: 'The backgrounds that it takes.' }),
    inputFidelities: t.expose('inputFidelities', {
      type: [InputFidelityRef],
      description: 'How closely it can be told to keep input pictures; empty when it takes no such option.',
    }),
    maxPartialImages: t.exposeInt('maxPartialImages', { description: 'The most stages of a picture.' }),
    maxCount: t.exposeInt('maxCount', { description: 'The most pictures of a call.' }),
    takesMask: t.exposeBoolean('takesMask', { description: 'Whether it takes a mask.' }),
    prices: t.field({
      type: ImagePricesRef,
      nullable: true,
      description: 'What it costs; null when that is not known.',
      resolve: ({ name }, _, { prices }) => pricesOf(prices.image, name),
    }),
    knownAsOf: t.field({
      type: 'DateTime',
      description: 'When this was last looked up.',
      resolve: () => CATALOGUE_DATE,
    }),
  }),
});

builder.queryField('models', (t) =>
  t.field({
    type: [ImageModelRef],
    description: 'What each known image model can do, with prices and retirement dates; the newest first.',
    resolve: () => MODELS,
  }),
);
