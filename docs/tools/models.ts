/** The page of the model catalogue, made of the tables that the server itself uses. */
import { DEFAULT_PRICES, PRICES_DATE } from '../../src/domain/cost/prices.ts';
import { DEFAULT_IMAGE_MODEL } from '../../src/domain/models/catalogue.ts';
import { CATALOGUE_DATE, type CatalogueModel, FREE_SIZES, MODELS } from '../../src/domain/models/table.ts';

const dayOf = (time: string) => time.slice(0, 10);
const codes = (values: readonly string[]) => (values.length === 0 ? 'none' : values.join(', '));
const least = (limit: 'maxCount' | 'maxPartialImages') => Math.min(...MODELS.map((model) => model[limit]));
const grouped = (value: number) => value.toLocaleString('en-US');

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [header, header.map(() => '---'), ...rows].map(line).join('\n');
}

const nameOf = ({ name }: CatalogueModel) => `\`${name}\`${name === DEFAULT_IMAGE_MODEL ? ' (default)' : ''}`;

/** What a model supports, as cells of the table: models with the same ones share a row. */
function supportOf(model: CatalogueModel): readonly string[] {
  const qualities = model.qualities.filter((quality) => quality !== 'AUTO');
  const options = [
    model.takesMask ? 'masks' : '',
    model.takesMarkup ? 'markups' : '',
    model.inputFidelities.length > 0 ? `input fidelity ${model.inputFidelities.join(' and ')}` : '',
    model.complexities.length > 0 ? 'complexity' : '',
  ];
  return [
    model.sizeRules === null ? 'fixed' : 'free',
    `${qualities[0]} to ${qualities.at(-1)}`,
    codes(model.formats),
    options.filter((option) => option !== '').join(', '),
  ];
}

function supported(): string {
  const rows = Map.groupBy(MODELS, (model) => supportOf(model).join('|'));
  const cells = [...rows.values()].map((models) => [models.map(nameOf).join(', '), ...supportOf(models[0] ?? never())]);
  return table(['models', 'sizes', 'qualities', 'formats', 'also'], cells);
}

function never(): never {
  throw new Error('A group has at least one model.');
}

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

All of them take the size and the quality \`auto\`, transparent backgrounds, at most ${least('maxPartialImages')} partial images, and at most
${least('maxCount')} images a call.

- **Free sizes** are \`<width>x<height>\`: both edges a multiple of ${FREE_SIZES.edgeStep} pixels, the longer one at most ${grouped(FREE_SIZES.longestEdge)} and at most
  ${FREE_SIZES.mostRatio} times the shorter one, and ${grouped(FREE_SIZES.leastPixels)} to ${grouped(FREE_SIZES.mostPixels)} pixels in all.
- **Fixed sizes** are ${codes(MODELS.find(({ sizeRules }) => sizeRules === null)?.sizes ?? [])}.

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
