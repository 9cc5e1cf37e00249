/** ImageModel: the image models in the catalogue, with their capabilities, prices and retirement dates. */

import { type ImagePrices, pricesOf } from '../../src/domain/cost/prices.ts';
import { MODEL_STATUSES, type ModelStatus, modelFor, modelStatus } from '../../src/domain/models/catalogue.ts';
import type { CatalogueModel, SizeRules } from '../../src/domain/models/table.ts';
import { CATALOGUE_DATE, MODELS } from '../../src/domain/models/table.ts';
import { builder } from '../builder.ts';
import { currencyField } from './cost.ts';
import {
  ComplexityRef,
  enumOf,
  ImageBackgroundRef,
  ImageFormatRef,
  ImageQualityRef,
  InputFidelityRef,
} from './images/image-settings.ts';

const ModelStatusRef = enumOf<ModelStatus>('ModelStatus', 'The status of a model.', MODEL_STATUSES, {
  CURRENT: 'No shutdown has been announced for the next 90 days.',
  RETIRING: 'The model will be shut down within 90 days. Calls that use it carry a warning.',
  RETIRED: 'The model was shut down. Calls that request it are rejected with the name of its successor.',
});

const SizeRulesRef = builder.objectRef<SizeRules>('SizeRules').implement({
  description: 'The rules for the sizes that a model supports.',
  fields: (t) => ({
    edgeStep: t.exposeInt('edgeStep', { description: 'Both edges must be divisible by this number of pixels.' }),
    longestEdge: t.exposeInt('longestEdge', { description: 'The maximum length of an edge, in pixels.' }),
    leastPixels: t.exposeInt('leastPixels', { description: 'The minimum total number of pixels.' }),
    mostPixels: t.exposeInt('mostPixels', { description: 'The maximum total number of pixels.' }),
    mostRatio: t.exposeInt('mostRatio', { description: 'The maximum ratio of the longer edge to the shorter edge.' }),
  }),
});

const ImagePricesRef = builder.objectRef<ImagePrices>('ImageModelPrices').implement({
  description: 'The prices of an image model per million tokens, in `currency`.',
  fields: (t) => ({
    currency: currencyField(t),
    textInput: t.expose('textInput', { type: 'Decimal', description: 'The price of text input.' }),
    cachedTextInput: t.expose('cachedTextInput', { type: 'Decimal', description: 'The price of cached text input.' }),
    imageInput: t.expose('imageInput', { type: 'Decimal', description: 'The price of image input.' }),
    cachedImageInput: t.expose('cachedImageInput', {
      type: 'Decimal',
      description: 'The price of cached image input.',
    }),
    imageOutput: t.expose('imageOutput', { type: 'Decimal', description: 'The price of image output.' }),
    textOutput: t.expose('textOutput', {
      type: 'Decimal',
      nullable: true,
      description: 'The price of text output; null when it is not known.',
    }),
  }),
});

const ImageModelRef = builder.objectRef<CatalogueModel>('ImageModel').implement({
  description:
    'An image model in the catalogue. Other models can be requested as well; the upstream decides whether it ' +
    'accepts them.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the model, for use as `options.model`.' }),
    snapshots: t.exposeStringList('snapshots', {
      description: 'Dated names of the same model, which can also be used.',
    }),
    isDefault: t.boolean({
      description: 'Whether this model is used when a request names none.',
      resolve: ({ name }, _, { upstream }) => modelFor(upstream, null)?.name === name,
    }),
    status: t.field({
      type: ModelStatusRef,
      description: 'The current status of the model.',
      resolve: (model) => modelStatus(model, new Date()),
    }),
    retiresAt: t.expose('retiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time the model was or will be shut down; null when no shutdown is announced.',
    }),
    successor: t.exposeString('successor', {
      nullable: true,
      description: 'The model to use instead; null when none is announced.',
    }),
    prices: t.field({
      type: ImagePricesRef,
      nullable: true,
      description: 'The prices of the model; null when they are not known.',
      resolve: ({ name }, _, { prices }) => pricesOf(prices.image, name),
    }),
    knownAsOf: t.field({
      type: 'DateTime',
      description: 'The date on which the catalogue was last checked.',
      resolve: () => CATALOGUE_DATE,
    }),
  }),
});

/** What the model supports. */
builder.objectFields(ImageModelRef, (t) => ({
  sizes: t.expose('sizes', {
    type: ['ImageSize'],
    description: 'The supported sizes besides `auto`; examples when the model has `sizeRules`.',
  }),
  sizeRules: t.expose('sizeRules', {
    type: SizeRulesRef,
    nullable: true,
    description:
      'The rules for supported sizes: any size that follows them works. Null when only the listed `sizes` are ' +
      'supported.',
  }),
  qualities: t.expose('qualities', { type: [ImageQualityRef], description: 'The supported qualities.' }),
  formats: t.expose('formats', {
    type: [ImageFormatRef],
    description:
      'The formats that can be requested. GIF and SVG are listed unless they are known to be unsupported; the ' +
      'upstream then decides.',
  }),
  backgrounds: t.expose('backgrounds', { type: [ImageBackgroundRef], description: 'The supported backgrounds.' }),
  inputFidelities: t.expose('inputFidelities', {
    type: [InputFidelityRef],
    description: 'The supported input fidelities; empty when the model does not support the option.',
  }),
  complexities: t.expose('complexities', {
    type: [ComplexityRef],
    description: 'The supported complexities; empty when the model does not support the option.',
  }),
  maxPartialImages: t.exposeInt('maxPartialImages', {
    description: 'The maximum number of partial images for an image.',
  }),
  maxCount: t.exposeInt('maxCount', { description: 'The maximum number of images for a call.' }),
  takesMask: t.exposeBoolean('takesMask', { description: 'Whether the model supports masks.' }),
  takesMarkup: t.exposeBoolean('takesMarkup', { description: 'Whether the model supports markups.' }),
}));

builder.queryField('models', (t) =>
  t.field({
    type: [ImageModelRef],
    authScopes: { READ: true },
    description:
      'The image models in the catalogue with their capabilities, prices and retirement dates, newest first.',
    resolve: () => MODELS,
  }),
);
