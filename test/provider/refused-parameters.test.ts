/**
 * Refusals of a parameter, known by `param`, by the code, or by the parameter's name in the words. What the words quote of the
 * prompt is none.
 */
import { describe, expect, it } from 'vitest';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import type { ProviderErrorKind, ProviderRequest } from '../../src/provider/image-provider.ts';
import { errorReply, type Json, jsonReply, type Reply, streamReply } from '../support/scripted-upstream.ts';
import { picture, pictureBytes, providerError, run } from './run.ts';

const PREVIOUS: Partial<ProviderRequest> = { context: { route: 'PREVIOUS_RESPONSE', responseId: 'resp_0' } };
const ITEMS: Partial<ProviderRequest> = { context: { route: 'CONTEXT_ITEMS', itemIds: ['ig_0'] } };
const BACKGROUND: Partial<ProviderRequest> = { background: true };
const OPTIONS: Partial<ProviderRequest> = {
  safetyIdentifier: 'hash',
  settings: {
    ...NO_SETTINGS,
    size: '1024x1024',
    quality: 'HIGH',
    moderation: 'LOW',
    background: 'OPAQUE',
    inputFidelity: 'HIGH',
    compression: 50,
    format: 'WEBP',
    partialImages: 2,
  },
};
const EDIT: Partial<ProviderRequest> = {
  ...OPTIONS,
  context: { route: 'IMAGE_BYTES', pictures: [picture(pictureBytes('source'))] },
};

const type = 'invalid_request_error';
const openAi = (error: Json, status = 400) => errorReply(status, { type, ...error });
const words = (message: string, status = 400) => openAi({ message }, status);
const text = (body: string, status = 400): Reply => ({
  status,
  headers: { 'content-type': 'text/plain' },
  writes: [body],
});

interface Case {
  readonly request: Partial<ProviderRequest>;
  readonly reply: Reply;
  readonly kind: ProviderErrorKind;
  readonly parameter?: string | null;
}

const CONTEXTS: readonly Case[] = [
  words('previous_response_id is only supported on Responses WebSocket v2'),
  words('Unsupported parameter: previous_response_id', 422),
  openAi({ message: 'Not here.', param: 'previous_response_id', code: 'unsupported_parameter' }),
  jsonReply({ detail: 'Unsupported parameter: previous_response_id' }, { status: 400 }),
  jsonReply({ error: "Unknown parameter: 'previous_response_id'." }, { status: 400 }),
  jsonReply({ message: '`previous_response_id` is not supported' }, { status: 501 }),
  jsonReply(
    {
      detail: [
        { loc: ['body', 'previous_response_id'], msg: 'Extra inputs are not permitted', type: 'extra_forbidden' },
      ],
    },
    { status: 422 },
  ),
  text('unknown field `previous_response_id`, expected one of `model`, `input`'),
].map((reply) => ({ request: PREVIOUS, reply, kind: 'CONTEXT_REFUSED' }));

const STORES: readonly Case[] = [
  ...[{}, BACKGROUND].flatMap((request) =>
    [
      jsonReply({ detail: 'Store must be set to false' }, { status: 400 }),
      jsonReply({ error: 'store must be false' }, { status: 400 }),
      text('Please set store=false.'),
      words('`store=True` (default) is not supported.', 501),
      openAi({ message: 'Only `store: false` is allowed, store must be false here.', param: 'store' }),
      openAi({ message: 'This account requires store to be false; store can only be false.', param: null }, 403),
    ].map((reply) => ({ request, reply, kind: 'STORE_REFUSED' as const, parameter: 'store' })),
  ),
];

const BACKGROUNDS: readonly Case[] = [
  jsonReply({ detail: 'Unsupported parameter: background' }, { status: 400 }),
  jsonReply({ error: 'background mode is not supported' }, { status: 400 }),
  text('background is not supported'),
].map((reply) => ({ request: BACKGROUND, reply, kind: 'BACKGROUND_REFUSED' }));

/** The parameter in every way of writing it, refused by a code or by words. */
const refusals = (name: string, path = `tools[0].${name}`): readonly Reply[] => [
  openAi({ message: 'No.', param: path, code: 'unknown_parameter' }),
  openAi({ message: `Unknown parameter: '${path}'.`, param: path }),
  openAi({ message: `Unknown parameter: '${path}'.` }),
  openAi({ message: `Unsupported parameter: "${name}"` }),
  openAi({ message: `\`${name}\` is not supported with this model` }),
  openAi({ message: `This model does not support the ${name} parameter.` }),
  openAi({ message: 'Not here.', param: `/${path.replaceAll(/[[\].]+/gu, '/')}`, code: 'unsupported_parameter' }),
  openAi({ message: `Unrecognized request argument supplied: ${name}` }, 422),
  openAi({ message: `${name}: Extra inputs are not permitted` }, 422),
  jsonReply({ detail: `Unsupported parameter: ${name}` }, { status: 400 }),
  jsonReply(
    {
      detail: [
        {
          loc: ['body', ...path.split(/[[\].]+/u).filter(Boolean)],
          msg: 'Extra inputs are not permitted',
          type: 'extra_forbidden',
        },
      ],
    },
    { status: 422 },
  ),
  jsonReply({ error: `got an unexpected keyword argument '${name}'` }, { status: 400 }),
  text(`unknown field "${name}"`),
];
const TOOL_OPTIONS = ['partial_images', 'quality', 'moderation', 'background', 'input_fidelity', 'output_compression'];
const LEFT_OUT: readonly Case[] = [
  ...TOOL_OPTIONS.flatMap((name) =>
    refusals(name).map((reply) => ({ request: OPTIONS, reply, kind: 'OPTION_REFUSED' as const, parameter: name })),
  ),
  ...TOOL_OPTIONS.flatMap((name) =>
    refusals(name, name).map((reply) => ({
      request: { ...EDIT, api: 'IMAGES' as const },
      reply,
      kind: 'OPTION_REFUSED' as const,
      parameter: name,
    })),
  ),
  ...['safety_identifier', 'tool_choice'].flatMap((name) =>
    refusals(name, name).map((reply) => ({
      request: OPTIONS,
      reply,
      kind: 'OPTION_REFUSED' as const,
      parameter: name,
    })),
  ),
];

/** What sounds alike, and is something else. */
const PROMPT = 'A sign that says: Unknown parameter: quality is not supported';
const OTHERS: readonly Case[] = [
  // Values, of which the client has to learn.
  openAi({ message: "Invalid value: 'huge'.", param: 'tools[0].size', code: 'invalid_value' }),
  openAi({ message: "Unsupported value: 'high' is not supported with this model.", param: 'tools[0].quality' }),
  openAi({ message: "Invalid value for 'quality': must be one of 'low', 'medium'." }),
  // What the image depends on.
  openAi({ message: "Unknown parameter: 'tools[0].size'.", param: 'tools[0].size', code: 'unknown_parameter' }),
  openAi({ message: "Unknown parameter: 'tools[0].output_format'." }),
  openAi({ message: "Unknown parameter: 'model'." }),
  // Words of the language, and of the prompt.
  words('The picture has too little quality to be edited, which is not supported.'),
  words(`Your prompt "${PROMPT}" could not be used.`),
  words(`We cannot draw ${PROMPT.slice(0, 40)}…`),
  openAi({ message: "Unknown parameter: 'quality'.", param: 'prompt' }),
  // Parameters that the request does not have.
  openAi({
    message: "Unknown parameter: 'tools[0].frame_count'.",
    param: 'tools[0].frame_count',
    code: 'unknown_parameter',
  }),
  words('previous_response_id is not supported'),
].map((reply) => ({ request: { ...OPTIONS, prompt: PROMPT }, reply, kind: 'NOTHING_BOUGHT' }));
const ELSEWHERE: readonly Case[] = [
  {
    request: OPTIONS,
    reply: openAi({ message: "Unknown parameter: 'quality'.", code: 'moderation_blocked' }),
    kind: 'NOTHING_BOUGHT',
  },
  {
    request: OPTIONS,
    reply: openAi({ message: "Unknown parameter: 'quality'.", type: 'image_generation_user_error' }),
    kind: 'NOTHING_BOUGHT',
  },
  { request: OPTIONS, reply: openAi({ message: "Unknown parameter: 'quality'." }, 500), kind: 'LOST' },
  {
    request: OPTIONS,
    reply: openAi({ message: "Unknown parameter: 'quality'.", code: 'invalid_api_key' }, 401),
    kind: 'NOTHING_BOUGHT',
  },
  { request: OPTIONS, reply: openAi({ message: "Unknown parameter: 'quality'." }, 429), kind: 'NOTHING_BOUGHT' },
  { request: { ...OPTIONS, prompt: 'quality' }, reply: words("'quality' is not supported"), kind: 'NOTHING_BOUGHT' },
  {
    request: { settings: { ...NO_SETTINGS, background: 'TRANSPARENT' } },
    reply: openAi({ message: 'No.', param: 'tools[0].background', code: 'unknown_parameter' }),
    kind: 'NOTHING_BOUGHT',
  },
  { request: ITEMS, reply: words("Item with id 'ig_0' not found."), kind: 'CONTEXT_LOST' },
  {
    request: ITEMS,
    reply: openAi({ message: "Invalid input: 'image_generation_call' is not supported.", param: null }),
    kind: 'CONTEXT_REFUSED',
  },
  { request: PREVIOUS, reply: openAi({ message: 'Gone.', code: 'previous_response_not_found' }), kind: 'CONTEXT_LOST' },
  { request: PREVIOUS, reply: words('previous_response_id is only supported here', 500), kind: 'LOST' },
  { request: { store: false }, reply: words('Store must be set to false'), kind: 'NOTHING_BOUGHT' },
  {
    // A block of what was generated would count as bought.
    request: { prompt: 'The generated image of a cat' },
    reply: words('The prompt “The generated image of a cat” was rejected by our safety system.'),
    kind: 'NOTHING_BOUGHT',
  },
];
/** A prompt that is quoted says nothing about the upstream: it would count for the requests of everybody. */
const QUOTED: readonly Case[] = (
  [
    [BACKGROUND, 'A cat before a blue background'],
    [BACKGROUND, 'A store at night, with no data retention'],
    [PREVIOUS, 'A response that says: page not found'],
    [
      { context: { route: 'IMAGE_BYTES', pictures: [picture(pictureBytes('source'), 'file-1')] } },
      'No such file, no cat',
    ],
    [{ api: 'IMAGES', count: 2 }, 'A poster: streaming is not supported'],
  ] satisfies readonly (readonly [Partial<ProviderRequest>, string])[]
).map(([request, prompt]) => ({
  request: { ...request, prompt },
  reply: words(`We cannot draw “${prompt}”.`),
  kind: 'NOTHING_BOUGHT',
}));

describe('a refusal of a parameter', () => {
  const cases = [...CONTEXTS, ...STORES, ...BACKGROUNDS, ...LEFT_OUT, ...OTHERS, ...ELSEWHERE, ...QUOTED];
  it.each(cases.map((each) => [each.kind, each.reply.writes, each] as const))(
    'is %s: %j',
    async (_, __, { request, reply, kind, parameter }) => {
      const result = await run(reply, { request });
      const error = providerError(result);
      expect(error).toMatchObject({ kind, nothingBought: kind !== 'LOST' });
      if (parameter !== undefined) expect(error.parameter).toBe(parameter);
      expect(result.requests).toHaveLength(1);
    },
  );

  it.each<[Partial<ProviderRequest>, string, ProviderErrorKind]>([
    [OPTIONS, "Unknown parameter: 'tools[0].partial_images'.", 'OPTION_REFUSED'],
    [PREVIOUS, 'previous_response_id is only supported on Responses WebSocket v2', 'CONTEXT_REFUSED'],
    [{}, 'Store must be set to false', 'STORE_REFUSED'],
    [{ ...OPTIONS, api: 'IMAGES' }, 'Unsupported parameter: partial_images', 'OPTION_REFUSED'],
  ])('%j in place of the first event: %s', async (request, message, kind) => {
    for (const event of [
      { type: 'error', error: { type, message } },
      { type: 'error', error: message, code: 'unsupported_parameter' },
    ]) {
      expect(providerError(await run(streamReply([event]), { request }))).toMatchObject({ kind, nothingBought: true });
    }
  });

  it('is not sent again: the parameter is left out where it was refused before', async () => {
    const leftOut = ['partial_images', 'quality', 'tool_choice', 'safety_identifier'];
    const responses = await run(words('no'), { request: { ...OPTIONS, leftOut } });
    const images = await run(words('no'), { request: { ...EDIT, api: 'IMAGES', leftOut } });
    for (const { requests } of [responses, images]) {
      const body = JSON.stringify(requests[0]?.body);
      for (const name of leftOut) expect(body).not.toContain(`"${name}"`);
      expect(body).toContain('"moderation":"low"');
    }
    expect(images.requests[0]?.body).not.toHaveProperty('stream');
  });

  it.each<[Partial<ProviderRequest>, Reply, string]>([
    [{}, jsonReply({ detail: 'Store must be set to false' }, { status: 400 }), 'UPSTREAM_STORE=off'],
    [PREVIOUS, words('Unsupported parameter: previous_response_id'), 'UPSTREAM_STORE=off'],
    [BACKGROUND, words('Unsupported parameter: background'), 'UPSTREAM_BACKGROUND=off'],
    [{ store: false }, words('Unknown parameter: store'), 'UPSTREAM_STORE=on'],
    [{}, words("Tool 'image_generation' is not supported with this model."), 'UPSTREAM_API=images'],
    [{}, text('404 page not found', 404), 'UPSTREAM_API=images'],
    [{ api: 'IMAGES' }, text('404 page not found', 404), 'UPSTREAM_API=responses'],
    [OPTIONS, words('Unknown parameter: safety_identifier'), 'UPSTREAM_SAFETY_IDENTIFIER=off'],
  ])('%j %j names the variable that helps', async (request, reply, setting) => {
    expect(providerError(await run(reply, { request })).failure.message).toContain(setting);
  });
});
