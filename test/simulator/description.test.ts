/**
 * Checks what the simulator emits and accepts against OpenAI's published API description. The SDK is newer than the
 * description; what only the SDK knows is listed below.
 */
import type OpenAI from 'openai';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RecordedRequest, SimulatorEvent } from '../../src/simulator/simulator.ts';
import { loadSchemas, SKIPPED_BECAUSE } from '../support/openai-description.ts';
import { collect, itemIdOf, MODEL, simulate, tool } from './support.ts';

/** Formats, sizes and models in the description. */
const KNOWN = { size: '1024x1024', output_format: 'webp', model: 'gpt-image-2', quality: 'low' } as const;

/** The schema of every kind of event. */
const EVENT_SCHEMAS: Readonly<Record<string, string>> = {
  'response.created': 'ResponseCreatedEvent',
  'response.queued': 'ResponseQueuedEvent',
  'response.in_progress': 'ResponseInProgressEvent',
  'response.completed': 'ResponseCompletedEvent',
  'response.failed': 'ResponseFailedEvent',
  'response.incomplete': 'ResponseIncompleteEvent',
  'response.output_item.added': 'ResponseOutputItemAddedEvent',
  'response.output_item.done': 'ResponseOutputItemDoneEvent',
  'response.content_part.added': 'ResponseContentPartAddedEvent',
  'response.content_part.done': 'ResponseContentPartDoneEvent',
  'response.output_text.delta': 'ResponseTextDeltaEvent',
  'response.output_text.done': 'ResponseTextDoneEvent',
  'response.refusal.delta': 'ResponseRefusalDeltaEvent',
  'response.refusal.done': 'ResponseRefusalDoneEvent',
  'response.image_generation_call.in_progress': 'ResponseImageGenCallInProgressEvent',
  'response.image_generation_call.generating': 'ResponseImageGenCallGeneratingEvent',
  'response.image_generation_call.partial_image': 'ResponseImageGenCallPartialImageEvent',
  'response.image_generation_call.completed': 'ResponseImageGenCallCompletedEvent',
  'image_generation.partial_image': 'ImageGenPartialImageEvent',
  'image_generation.completed': 'ImageGenCompletedEvent',
  'image_edit.partial_image': 'ImageEditPartialImageEvent',
  'image_edit.completed': 'ImageEditCompletedEvent',
};

/**
 * What the SDK (7.59.0) has and the description (2.3.0) lacks, as of 2026-11-28: fields by the schema that lacks them. The
 * schemas permit any field, so only this list finds one that neither of the two knows.
 */
const NEWER_FIELDS = {
  ImageGenTool: ['complexity', 'frame_count', 'frame_duration_ms', 'svg'],
  ImageGenToolCall: [
    'action',
    'background',
    'error',
    'output_format',
    'quality',
    'revised_prompt',
    'size',
    'svg_usage',
  ],
  CreateImageRequest: ['complexity', 'frame_count', 'frame_duration_ms', 'svg'],
  EditImageBodyJsonParam: ['complexity', 'frame_count', 'frame_duration_ms', 'svg', 'markup'],
  ImagesResponse: ['svg_usage'],
} as const;
/** The same for values of `output_format`. */
const NEWER_FORMATS: readonly unknown[] = ['gif', 'svg'];

type Named = keyof typeof NEWER_FIELDS;

/** The schemas of objects that lie within others, by their `type`. */
const SCHEMA_OF_TYPE: Readonly<Record<string, Named>> = {
  image_generation: 'ImageGenTool',
  image_generation_call: 'ImageGenToolCall',
};

/** The value with formats that the description knows. */
function withKnownFormats(value: unknown): unknown {
  const text = JSON.stringify(value, (key, each) =>
    key === 'output_format' && NEWER_FORMATS.includes(each) ? 'png' : each,
  );
  return JSON.parse(text);
}

/** The fields, in all parts of the value, that neither the description nor the SDK knows. */
function strangeFields(value: unknown, fieldsOf: (name: Named) => readonly string[], name?: Named): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const type: unknown = 'type' in value ? value.type : null;
  const schema = name ?? (typeof type === 'string' ? SCHEMA_OF_TYPE[type] : undefined);
  const known = schema === undefined ? null : [...fieldsOf(schema), ...NEWER_FIELDS[schema]];
  return Object.entries(value).flatMap(([key, each]) => [
    ...(known === null || known.includes(key) ? [] : [`${schema}.${key}`]),
    ...strangeFields(each, fieldsOf),
  ]);
}

function isNamed(name: string): name is Named {
  return name in NEWER_FIELDS;
}

/** The event without what the description cannot know. */
function knowable(event: SimulatorEvent): SimulatorEvent {
  const { item } = event;
  const isAddedPicture =
    event.type === 'response.output_item.added' && JSON.stringify(item).includes('"image_generation_call"');
  // Recorded streams have no `result` when the item is added; the description requires one always.
  // SAFETY: an item is an object.
  return isAddedPicture ? { ...event, item: { ...(item as object), result: null } } : event;
}

/** A session with everything that an image client does, right and wrong. */
async function playSession() {
  const events: SimulatorEvent[] = [];
  const requests: RecordedRequest[] = [];
  const { client } = await simulate({
    onEvent: (event) => events.push(event),
    onRequest: (request) => requests.push(request),
  });
  const known = (more: Parameters<typeof tool>[0] = {}) => [tool({ ...KNOWN, ...more })];
  const endings = [
    'failed',
    'incomplete',
    'moderation-midstream',
    'error-event',
    'no-image',
    'refusal',
    'two-images',
    'reasoning',
    'compatible',
    'wrong-size',
    'no-usage',
    'late-result',
  ];
  for (const name of endings) {
    const input = `a boat [sim:${name}]`;
    await collect(
      await client.responses.create({ model: MODEL, input, stream: true, tools: known({ partial_images: 2 }) }),
    ).catch(() => []);
  }
  await collect(
    await client.responses.create({
      model: MODEL,
      input: 'a boat',
      stream: true,
      background: true,
      tools: known({ partial_images: 3 }),
      max_tool_calls: 1,
      tool_choice: { type: 'image_generation' },
    }),
  );
  const parent = await client.responses.create({
    model: MODEL,
    input: 'a boat',
    safety_identifier: 'someone',
    tools: known({ background: 'transparent', moderation: 'low' }),
  });
  await client.responses.create({
    model: MODEL,
    input: 'add snow',
    previous_response_id: parent.id,
    tools: known({ action: 'edit' }),
  });
  const item = parent.output.find((each) => each.id === itemIdOf(parent));
  const image_url = `data:image/webp;base64,${item?.type === 'image_generation_call' ? item.result : ''}`;
  await client.responses.create({
    model: MODEL,
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'add snow' },
          { type: 'input_image', image_url, detail: 'auto' },
        ],
      },
    ],
    tools: known({ input_image_mask: { image_url } }),
  });
  const asked = { model: KNOWN.model, size: KNOWN.size, output_format: KNOWN.output_format, quality: KNOWN.quality };
  await collect(await client.images.generate({ ...asked, prompt: 'a boat', stream: true, partial_images: 2 }));
  const plain = await client.images.generate({ ...asked, prompt: 'a boat', n: 2 });
  const file = new File([Buffer.from(plain.data?.[0]?.b64_json ?? '', 'base64')], 'a.webp', { type: 'image/webp' });
  await collect(
    await client.images.edit({ ...asked, image: file, prompt: 'add snow', stream: true, partial_images: 1 }),
  );
  const retrieved = await client.responses.retrieve(parent.id);
  const drawings = await playNewerOptions(client, image_url);
  const uploaded = await client.files.create({
    file,
    purpose: 'vision',
    expires_after: { anchor: 'created_at', seconds: 3600 },
  });
  const references = { images: [{ file_id: uploaded.id }], mask: { image_url: await transparent(1024) } };
  await client.post('/images/edits', { body: { ...asked, ...references, prompt: 'add snow', n: 2 } });
  return {
    events,
    requests,
    answers: [plain, ...drawings.images],
    responses: [retrieved, ...drawings.responses],
    uploaded,
  };
}

/** Every option that is newer than the description, in both APIs. */
async function playNewerOptions(client: OpenAI, source: string) {
  const model = 'gpt-image-2.6-sunburst';
  const gif = { model, size: KNOWN.size, output_format: 'gif', frame_count: 3, frame_duration_ms: 100 } as const;
  const svg = { model, size: KNOWN.size, output_format: 'svg', svg: { model: 'gpt-5.5' } } as const;
  const edit = { images: [{ image_url: source }], markup: { image_url: await transparent(1024) }, prompt: 'add snow' };
  const responses = [];
  for (const options of [gif, svg, { ...KNOWN, model, complexity: 'high' } as const]) {
    const ask = { model: MODEL, input: 'a boat', tools: [tool(options)], background: true };
    const { id } = await client.responses.create({ ...ask, background_options: { completion_window: '2h' } });
    const status = async () => (await client.responses.retrieve(id)).status;
    await expect.poll(status, { timeout: 10_000 }).toBe('completed');
    responses.push(await client.responses.retrieve(id));
  }
  const images = [
    await client.images.generate({ ...gif, prompt: 'a boat', complexity: 'low' }),
    await client.images.generate({ ...svg, prompt: 'a boat' }),
    await client.post<OpenAI.ImagesResponse>('/images/edits', { body: { ...gif, ...edit } }),
    await client.post<OpenAI.ImagesResponse>('/images/edits', { body: { ...svg, ...edit } }),
  ];
  return { responses, images };
}

function isJson(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !Object.values(body).some((value) => value instanceof Blob);
}

async function transparent(edge: number): Promise<string> {
  const mask = sharp({ create: { width: edge, height: edge, channels: 4, background: '#0000' } });
  return `data:image/png;base64,${(await mask.png().toBuffer()).toString('base64')}`;
}

describe.skipIf(SKIPPED_BECAUSE !== '')(`OpenAI's published description${SKIPPED_BECAUSE}`, () => {
  it('holds for every event, every request body and every answer of a varied session', async () => {
    const schema = loadSchemas();
    const { events, requests, answers, responses, uploaded } = await playSession();
    const faults: string[] = [];
    const fieldsOf = (name: Named) => {
      const { schema: of } = schema(name);
      return typeof of === 'object' ? Object.keys(of['properties'] ?? {}) : [];
    };
    const check = (name: string, value: unknown, what: string) => {
      const validate = schema(name);
      if (!validate(withKnownFormats(value))) {
        faults.push(`${what}: ${JSON.stringify(validate.errors?.slice(0, 3)).slice(0, 500)}`);
      }
      faults.push(...strangeFields(value, fieldsOf, isNamed(name) ? name : undefined));
    };
    for (const event of events) {
      if (event.type === 'error') check('ResponseErrorEvent', event, 'error');
      else check(EVENT_SCHEMAS[event.type] ?? event.type, knowable(event), event.type);
    }
    for (const { path: at, body } of requests) {
      if (at === '/v1/responses') check('CreateResponse', body, at);
      if (at === '/v1/images/generations') check('CreateImageRequest', body, at);
      // JSON Schema cannot describe the fields of a form: a file is not a string.
      if (at === '/v1/images/edits' && isJson(body)) check('EditImageBodyJsonParam', body, at);
    }
    for (const answer of answers) check('ImagesResponse', answer, 'images');
    for (const response of responses) check('Response', response, 'responses.retrieve');
    check('OpenAIFile', uploaded, 'files.create');
    expect(requests.filter(({ path: at, body }) => at === '/v1/images/edits' && isJson(body))).toHaveLength(3);
    expect(faults).toEqual([]);
    expect(new Set(events.map((event) => event.type))).toEqual(new Set([...Object.keys(EVENT_SCHEMAS), 'error']));
  });

  it('would find a fault, and a field that nobody knows', () => {
    const call = { type: 'image_generation_call', id: 'ig_0', svg_usage: {}, vector_usage: {} };
    expect(strangeFields({ output: [call] }, () => ['type', 'id'])).toEqual(['ImageGenToolCall.vector_usage']);
    const validate = loadSchemas()('ResponseImageGenCallPartialImageEvent');
    expect(validate({ type: 'response.image_generation_call.partial_image', item_id: 'ig_0', output_index: 0 })).toBe(
      false,
    );
  });
});
