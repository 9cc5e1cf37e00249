/**
 * Every parameter of the upstream is either an option of this server, or set by the server, or left out for a reason that
 * docs/options.md gives. The parameters come from the types of the SDK that is installed and from the published description;
 * what is sent comes from the code that builds requests. A new parameter, or a new value of one, fails here.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, type GraphQLInputObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  COMPLEXITIES,
  IMAGE_BACKGROUNDS,
  IMAGE_FORMATS,
  IMAGE_QUALITIES,
  type ImageSettings,
  INPUT_FIDELITIES,
  MODERATIONS,
  NO_SETTINGS,
  REASONING_EFFORTS,
} from '../../src/domain/generation/options.ts';
import { MODELS } from '../../src/domain/models/table.ts';
import type { ProviderRequest } from '../../src/provider/image-provider.ts';
import { buildImagesRequest } from '../../src/provider/openai/images/request.ts';
import { buildCreateBody } from '../../src/provider/openai/responses/request.ts';
import { readDescription, SKIPPED_BECAUSE } from '../support/openai-description.ts';
import {
  type Parameter,
  type Place,
  parametersOfDescription,
  parametersOfSdk,
} from '../support/upstream-parameters.ts';
import { picture, pictureBytes, REQUEST } from './run.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/options.md'), 'utf8');
const SCHEMA = buildSchema(readFileSync(path.join(ROOT, 'schema/schema.graphql'), 'utf8'));

/** What a place is called on the page. */
const PLACE_NAMES: Readonly<Record<string, Place>> = {
  tool: 'tool',
  response: 'response',
  generations: 'generation',
  edits: 'edit',
};

/** The cells of the table below a heading, without its first two lines. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = PAGE.split(`\n## ${heading}\n`);
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const quoted = (cell = '') => [...cell.matchAll(/`([^`]+)`/gu)].map(([, text = '']) => text);
const keyOf = (place: Place, name: string) => `${place} ${name}`;

function keysOf(names: string | undefined, places: string | undefined): readonly string[] {
  const at = (places ?? '').split(', ').map((word) => {
    const place = PLACE_NAMES[word];
    if (place === undefined) throw new Error(`docs/options.md names a place that is not known: ${word}`);
    return place;
  });
  return quoted(names).flatMap((name) => at.map((place) => keyOf(place, name)));
}

/** A parameter with every value of each setting, one at a time. */
function variants(): readonly Partial<ImageSettings>[] {
  const one = <Name extends keyof ImageSettings>(name: Name, values: readonly ImageSettings[Name][]) =>
    values.map((value) => ({ [name]: value }));
  const names = MODELS.flatMap(({ name, snapshots }) => [name, ...snapshots]);
  return [
    ...one('model', names),
    ...one('mainlineModel', ['gpt-6-astra']),
    ...one('size', ['auto', ...MODELS.flatMap(({ sizes }) => sizes)]),
    ...one('quality', IMAGE_QUALITIES),
    ...one('format', IMAGE_FORMATS),
    ...one('compression', [50]),
    ...one('background', IMAGE_BACKGROUNDS),
    ...one('moderation', MODERATIONS),
    ...one('inputFidelity', INPUT_FIDELITIES),
    ...one('partialImages', [3]),
    ...one('complexity', COMPLEXITIES),
    ...one('frameCount', [4]),
    ...one('frameDurationMs', [40]),
    ...one(
      'svg',
      REASONING_EFFORTS.map((reasoningEffort) => ({ model: 'gpt-6-astra', reasoningEffort })),
    ),
    ...one('completionWindow', ['WITHIN_2_HOURS', 'WITHIN_8_HOURS']),
  ];
}

/** What requests carry: the names of the parameters, and the words that each had. */
class Sent {
  readonly words = new Map<string, Set<unknown>>();

  add(place: Place, body: object, prefix = ''): void {
    for (const [name, value] of Object.entries(body)) {
      const key = keyOf(place, `${prefix}${name}`);
      this.words.set(key, (this.words.get(key) ?? new Set()).add(value));
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        this.add(place, value, `${prefix}${name}.`);
    }
  }
}

async function everythingSent(): Promise<Sent> {
  const sent = new Sent();
  const bytes = picture(pictureBytes('source'));
  const file = { ...bytes, fileId: 'file-1' };
  const edited = { route: 'IMAGE_BYTES', pictures: [bytes] } as const;
  const requests: readonly Partial<ProviderRequest>[] = [
    ...variants().map((settings) => ({ settings: { ...NO_SETTINGS, ...settings } })),
    { verbatim: true, safetyIdentifier: 'hash', background: true },
    { count: 2 },
  ];
  for (const changes of requests) {
    const request = { ...REQUEST, ...changes };
    for (const more of [{}, { context: { route: 'PREVIOUS_RESPONSE', responseId: 'resp_0' } as const }]) {
      for (const mask of [bytes, file]) {
        const options = { model: 'gpt-5.4', imageModel: null, boundsToolCalls: true };
        const { tools = [], ...body } = await buildCreateBody({ ...request, ...more, mask, action: 'EDIT' }, options);
        sent.add('response', { tools, ...body });
        for (const tool of tools) sent.add('tool', tool);
      }
    }
    sent.add('generation', (await buildImagesRequest({ ...request, api: 'IMAGES' }, NONE)).body);
    for (const overlay of [{ mask: bytes }, { markup: bytes }]) {
      sent.add(
        'edit',
        (await buildImagesRequest({ ...request, api: 'IMAGES', context: edited, ...overlay }, NONE)).body,
      );
    }
  }
  return sent;
}
const NONE = { model: 'gpt-5.4', imageModel: null };

const leftOut = new Set(tableBelow('Left out').flatMap(([names, places]) => keysOf(names, places)));
const setByServer = new Set(
  tableBelow('What the server sets itself').flatMap(([names, places]) => keysOf(names, places)),
);
const options = tableBelow('What can be asked').map(([option, , , , responses, images]) => {
  const only = /\((edits|generations)\)/u.exec(images ?? '')?.[1];
  return {
    name: quoted(option)[0] ?? '',
    parameters: [
      ...quoted(responses).map((name) => {
        return name.startsWith('tools[].') ? keyOf('tool', name.slice('tools[].'.length)) : keyOf('response', name);
      }),
      ...quoted(images).flatMap((name) => keysOf(`\`${name}\``, only ?? 'generations, edits')),
    ],
  };
});
const asked = new Set(options.flatMap(({ parameters }) => parameters));

const sent = await everythingSent();
const parameters: readonly Parameter[] = [
  ...parametersOfSdk(),
  ...(SKIPPED_BECAUSE === '' ? parametersOfDescription(readDescription().components.schemas) : []),
];
const known = new Set(parameters.map(({ place, name }) => keyOf(place, name)));

/** Whether the page explains a parameter, or the parameter that it is a part of. */
const isIn = (page: ReadonlySet<string>, { place, name }: Pick<Parameter, 'place' | 'name'>) =>
  name.split('.').some((_, index, parts) => page.has(keyOf(place, parts.slice(0, index + 1).join('.'))));

describe(`every parameter of the upstream${SKIPPED_BECAUSE}`, () => {
  it('is found: the types are read, with their parts and words', () => {
    expect(known.size).toBeGreaterThan(80);
    expect(parameters).toContainEqual(
      expect.objectContaining({ place: 'tool', name: 'svg.reasoning.effort', words: expect.arrayContaining(['max']) }),
    );
    expect(known).toContain('edit markup');
  });

  it('is sent when it is asked for, or left out for a reason', () => {
    const unknown = parameters.filter((each) => !sent.words.has(keyOf(each.place, each.name)) && !isIn(leftOut, each));
    expect(unknown, 'add an option, or a row to "Left out" in docs/options.md').toEqual([]);
  });

  it('that is sent is an option, or set by the server', () => {
    const unexplained = parameters.filter((each) => {
      return sent.words.has(keyOf(each.place, each.name)) && !isIn(asked, each) && !isIn(setByServer, each);
    });
    expect(unexplained, 'add a row to docs/options.md').toEqual([]);
  });

  it('has all of its values, but for those that are left out', () => {
    const images = parameters.filter(
      ({ place, name }) => place !== 'response' || name.startsWith('background_options.'),
    );
    const missing = images.flatMap(({ place, name, words }) => {
      const values = sent.words.get(keyOf(place, name));
      if (values === undefined) return [];
      return words.filter((word) => !values.has(word) && !leftOut.has(keyOf(place, `${name}: ${word}`)));
    });
    expect(missing, 'add the value to src/domain, or to "Left out" in docs/options.md').toEqual([]);
  });
});

describe('the page of options', () => {
  const inputs = ['GenerateImageInput', 'RefineImageInput', 'ImageOptionsInput'].map((name) => {
    // The schema has these three input types.
    return SCHEMA.getType(name) as GraphQLInputObjectType;
  });

  it('has a row for every field that the schema takes, and no other', () => {
    const fields = inputs.flatMap((input) => {
      const prefix = input.name === 'ImageOptionsInput' ? 'options.' : '';
      return Object.keys(input.getFields()).map((field) => `${prefix}${field}`);
    });
    const ofTheServer = new Set(['options', 'idempotencyKey']);
    expect(new Set(options.map(({ name }) => name))).toEqual(
      new Set(fields.filter((field) => !ofTheServer.has(field))),
    );
  });

  it('names only what is sent, as an option or by the server', () => {
    expect([...asked, ...setByServer].filter((key) => !sent.words.has(key))).toEqual([]);
  });

  it('leaves out only what there is and what is not sent, each with a date and a reason', () => {
    for (const [names, , since, because] of tableBelow('Left out')) {
      expect(since, names).toMatch(/^\d{4}-\d{2}-\d{2}$/u);
      expect(because, names).toMatch(/\w{4}/u);
    }
    const stale = [...leftOut].filter((key) => {
      const [name = '', word] = key.split(': ');
      if (word === undefined) return sent.words.has(key);
      return sent.words.get(name)?.has(word) === true;
    });
    expect(stale).toEqual([]);
    const names = tableBelow('Left out').flatMap(([cell]) => quoted(cell).map((name) => name.split(': ')[0] ?? ''));
    const all = new Set(parameters.map(({ name }) => name));
    expect(names.filter((name) => !all.has(name))).toEqual([]);
  });
});
