/**
 * What OpenAI's published description (2.3.0) does not know yet of the requests that make images, as of 2026-11-28. Source:
 * the types of OpenAI's SDK (7.59.0). The patched schemas know no other properties: a wrong name fails, and so does a
 * wrong value of a new option. A description that is newer than this patch makes parts of it unnecessary.
 */
type Schema = Readonly<Record<string, unknown>>;

const COMPLEXITY = { type: 'string', enum: ['low', 'medium', 'high'] };
const FRAME_COUNT = { type: 'integer', minimum: 2, maximum: 16 };
const FRAME_DURATION_MS = { type: 'integer', minimum: 0, maximum: 655_350 };
const QUALITY = { type: 'string', enum: ['low', 'medium', 'high', 'xhigh', 'max', 'auto'] };
const OUTPUT_FORMAT = { type: 'string', enum: ['png', 'webp', 'jpeg', 'gif', 'svg'] };
const SAFETY_IDENTIFIER = { type: 'string', maxLength: 128 };

function svg(required: readonly string[]): Schema {
  const effort = { type: 'string', enum: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] };
  const reasoning = { type: 'object', properties: { effort }, additionalProperties: false };
  return {
    type: 'object',
    properties: { model: { type: 'string' }, reasoning },
    required,
    additionalProperties: false,
  };
}

const DRAWING = {
  complexity: COMPLEXITY,
  frame_count: FRAME_COUNT,
  frame_duration_ms: FRAME_DURATION_MS,
  quality: QUALITY,
  output_format: OUTPUT_FORMAT,
};
const BACKGROUND_OPTIONS = {
  type: 'object',
  properties: {
    completion_window: { type: 'string', enum: ['soonest', '2h', '8h'] },
    continuation_id: { type: 'string' },
  },
  additionalProperties: false,
};

/** Properties by schema. They replace those of the same name. */
const ADDED: Readonly<Record<string, Schema>> = {
  ImageGenTool: { ...DRAWING, svg: svg([]) },
  CreateImageRequest: { ...DRAWING, svg: svg(['model']), safety_identifier: SAFETY_IDENTIFIER },
  // The SDK sends edits as forms, and its type lists no moderation. The description has both the JSON body and the option.
  EditImageBodyJsonParam: {
    ...DRAWING,
    svg: svg(['model']),
    safety_identifier: SAFETY_IDENTIFIER,
    size: { type: 'string' },
    markup: { $ref: '#/components/schemas/ImageRefParam' },
  },
};

/** The description with the patch applied. */
export function patched(description: { readonly components: { readonly schemas: Readonly<Record<string, Schema>> } }) {
  const { schemas } = description.components;
  const changed = Object.entries(ADDED).map(([name, added]) => {
    const schema = schemas[name];
    return [
      name,
      // A schema of the description is an object, and these have properties.
      { ...schema, properties: { ...(schema?.['properties'] as Schema), ...added }, additionalProperties: false },
    ];
  });
  // Its parts list their properties, so only the whole can know what none of them lists.
  const { allOf } = schemas['CreateResponse'] ?? {};
  const added = { type: 'object', properties: { background_options: BACKGROUND_OPTIONS } };
  // `allOf` of a schema is a list.
  const CreateResponse = { allOf: [...(allOf as Schema[]), added], unevaluatedProperties: false };
  const all = { ...schemas, ...Object.fromEntries(changed), CreateResponse };
  return { ...description, components: { ...description.components, schemas: all } };
}
