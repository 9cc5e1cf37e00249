/** The page of the model catalogue, made of the tables that the server itself uses. */
import { DEFAULT_PRICES, PRICES_DATE } from '../../src/domain/cost/prices.ts';
import { DEFAULT_IMAGE_MODEL } from '../../src/domain/models/catalogue.ts';
import { CATALOGUE_DATE, type CatalogueModel, FREE_SIZES, MODELS } from '../../src/domain/models/table.ts';

const dayOf = (time: string) => time.slice(0, 10);
const codes = (values: readonly string[]) => (values.length === 0 ? 'none' : values.join(', '));
const grouped = (value: number) => value.toLocaleString('en-US');

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [header, header.map(() => '---'), ...rows].map(line).join('\n');
}

const nameOf = ({ name }: CatalogueModel) => `\`${name}\`${name === DEFAULT_IMAGE_MODEL ? ' (default)' : ''}`;

const supported = () =>
  table(
    ['model', 'sizes', 'qualities', 'formats', 'mask, markup', 'input fidelity', 'complexity', 'images a call'],
    MODELS.map((model) => [
      nameOf(model),
      model.sizeRules === null ? codes(model.sizes) : 'any that follows the rules below',
      codes(model.qualities),
      codes(model.formats),
      codes([model.takesMask ? 'mask' : '', model.takesMarkup ? 'markup' : ''].filter((name) => name !== '')),
      codes(model.inputFidelities),
      codes(model.complexities),
      String(model.maxCount),
    ]),
  );

const retiring = () =>
  table(
    ['model', 'shut down on', 'use instead'],
    MODELS.filter(({ retiresAt }) => retiresAt !== null).map(({ name, retiresAt, successor }) => [
      `\`${name}\``,
      dayOf(retiresAt ?? ''),
      successor === null ? '' : `\`${successor}\``,
    ]),
  );

const imagePrices = () =>
  table(
    ['image model', 'text in', 'cached', 'images in', 'cached', 'images out', 'text out'],
    Object.entries(DEFAULT_PRICES.image).map(([name, prices]) => [
      `\`${name}\``,
      prices.textInput,
      prices.cachedTextInput,
      prices.imageInput,
      prices.cachedImageInput,
      prices.imageOutput,
      prices.textOutput ?? 'not known',
    ]),
  );

const mainlinePrices = () =>
  table(
    ['mainline model', 'in', 'cached', 'out'],
    Object.entries(DEFAULT_PRICES.mainline).map(([name, { input, cachedInput, output }]) => [
      `\`${name}\``,
      input,
      cachedInput,
      output,
    ]),
  );

/** docs/models.md */
export function modelsPage(): string {
  return `# Models

The image models that the server knows, as of ${dayOf(CATALOGUE_DATE)}: what each supports, what it costs, and when it is shut down. A
request for what a model does not support is refused with \`UNSUPPORTED_OPTION\` before anything is charged, and \`allowed\` has the
values to offer instead. A model that is not listed is left to the upstream.

Ask the server, and not this page, for what to show in your frontend:

\`\`\`graphql
{
  models {
    name
    isDefault
    status
    sizes
    qualities
    formats
    takesMask
    takesMarkup
    maxCount
    prices { imageOutput currency }
    retiresAt
    successor
  }
}
\`\`\`

\`options.model\` names the image model of a request, and \`OPENAI_IMAGE_MODEL\` that of requests which name none. The options
themselves: [Options](options.md).

## What each supports

${supported()}

Partial images: ${grouped(Math.max(...MODELS.map(({ maxPartialImages }) => maxPartialImages)))} at most. The size \`auto\` and transparent backgrounds work with all of them.

**Free sizes,** \`<width>x<height>\`: both edges a multiple of ${FREE_SIZES.edgeStep} pixels, the longer one at most ${grouped(FREE_SIZES.longestEdge)} and at most
${FREE_SIZES.mostRatio} times the shorter one, and ${grouped(FREE_SIZES.leastPixels)} to ${grouped(FREE_SIZES.mostPixels)} pixels in all.

GIF and SVG are listed unless OpenAI says that a model does not make them.

## Models that are shut down

\`status\` is \`RETIRING\` for the last 90 days before, and a call carries a warning. \`RETIRED\` models are refused, with the name of
the successor.

${retiring()}

## Prices

US dollars per million tokens, as of ${dayOf(PRICES_DATE)}. [Prices](prices.md) says how a cost is computed and how to replace these;
\`estimateGeneration\` says what a request will cost ([Costs and budgets](costs.md)).

${imagePrices()}

${mainlinePrices()}

*Made from \`src/domain/models/table.ts\` and \`src/domain/cost/prices.ts\` by \`npm run codegen\`.*
`;
}
