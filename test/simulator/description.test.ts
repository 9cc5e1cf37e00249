/**
 * Checks what the simulator emits and accepts against OpenAI's published API description. The SDK is newer than the
 * description; what the description cannot know is left out, each with a reason.
 */
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
  const uploaded = await client.files.create({
    file,
    purpose: 'vision',
    expires_after: { anchor: 'created_at', seconds: 3600 },
  });
  const references = { images: [{ file_id: uploaded.id }], mask: { image_url: await transparent(1024) } };
  await client.post('/images/edits', { body: { ...asked, ...references, prompt: 'add snow', n: 2 } });
  return { events, requests, plain, retrieved, uploaded };
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
    const { events, requests, plain, retrieved, uploaded } = await playSession();
    const faults: string[] = [];
    const check = (name: string, value: unknown, what: string) => {
      const validate = schema(name);
      if (!validate(value)) faults.push(`${what}: ${JSON.stringify(validate.errors?.slice(0, 3)).slice(0, 500)}`);
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
    check('ImagesResponse', plain, 'images.generate');
    check('Response', retrieved, 'responses.retrieve');
    check('OpenAIFile', uploaded, 'files.create');
    expect(requests.filter(({ path: at, body }) => at === '/v1/images/edits' && isJson(body))).toHaveLength(1);
    expect(faults).toEqual([]);
    expect(new Set(events.map((event) => event.type))).toEqual(new Set([...Object.keys(EVENT_SCHEMAS), 'error']));
  });

  it('would find a fault', () => {
    const validate = loadSchemas()('ResponseImageGenCallPartialImageEvent');
    expect(validate({ type: 'response.image_generation_call.partial_image', item_id: 'ig_0', output_index: 0 })).toBe(
      false,
    );
  });
});
