/**
 * Reads and checks the body of `POST /v1/responses`. The responses and items that it names are looked up in
 * drawing-task.ts.
 */
import { invalid } from '../http/api-error.ts';
import {
  isObject,
  type JsonObject,
  optionalFlag,
  optionalInteger,
  optionalObject,
  optionalText,
  optionalWord,
} from '../http/json.ts';
import { type Complexity, type ImageOptions, readImageOptions } from '../image-options.ts';
import { type PictureReference, readReference } from '../input-picture.ts';
import { type ParsedPrompt, parsePrompt } from '../prompt.ts';
import { type CompletionWindow, readCompletionWindow } from './completion-window.ts';

const DEFAULT_IMAGE_MODEL = 'gpt-image-2.6-sunburst';
const MAX_SAFETY_IDENTIFIER = 128;

export interface ImageTool {
  readonly options: ImageOptions;
  readonly action: 'generate' | 'edit' | 'auto';
  readonly mask: PictureReference | null;
}

export interface ResponsesRequest {
  readonly model: string;
  readonly instructions: string | null;
  readonly prompt: ParsedPrompt;
  readonly stream: boolean;
  readonly background: boolean;
  readonly completionWindow: CompletionWindow;
  readonly store: boolean;
  readonly previousResponseId: string | null;
  /** Ids of image items in the input that came without bytes, last one first. */
  readonly itemIds: readonly string[];
  /** Ids of reasoning items in the input. */
  readonly reasoningIds: readonly string[];
  /** Images in the input, last one first. */
  readonly inputImages: readonly PictureReference[];
  /** Null when the model may not draw (no tool, `tool_choice: none`). */
  readonly tool: ImageTool | null;
  /** How often the model may call its tools. Further calls are ignored. */
  readonly maxToolCalls: number;
  /** The fields that the response object repeats. */
  readonly echo: JsonObject;
}

/** @throws {ApiError} a 400 that names the field, like the upstream's. */
export function readResponsesRequest(body: unknown): ResponsesRequest {
  if (!isObject(body)) throw invalid('We could not parse the JSON body of your request.', null);
  const model = optionalText(body['model'], 'model');
  if (!model) throw invalid("Missing required parameter: 'model'.", 'model', 'missing_required_parameter');
  const input = readInput(body['input']);
  const background = optionalFlag(body['background'], 'background');
  const store = optionalFlag(body['store'], 'store', true);
  if (background && !store) throw invalid('Background mode requires store to be true.', 'background', 'invalid_value');
  const previousResponseId = optionalText(body['previous_response_id'], 'previous_response_id');
  if (body['conversation'] !== undefined && body['conversation'] !== null) {
    const both =
      "Mutually exclusive parameters: 'conversation' and 'previous_response_id'. Ensure you are only providing one.";
    if (previousResponseId !== null) throw invalid(both, null, 'mutually_exclusive_parameters');
    throw invalid('Conversations are not simulated.', 'conversation', 'unsupported_parameter');
  }
  const safetyIdentifier = optionalText(body['safety_identifier'], 'safety_identifier');
  if (safetyIdentifier !== null && safetyIdentifier.length > MAX_SAFETY_IDENTIFIER) {
    const message = `Invalid 'safety_identifier': string too long. Expected a string with maximum length ${MAX_SAFETY_IDENTIFIER}, but got a string with length ${safetyIdentifier.length} instead.`;
    throw invalid(message, 'safety_identifier', 'string_above_max_length');
  }
  const tools = body['tools'] ?? [];
  if (!Array.isArray(tools)) throw invalid("Invalid type for 'tools': expected an array.", 'tools', 'invalid_type');
  const effort = optionalText(optionalObject(body['reasoning'], 'reasoning')['effort'], 'reasoning.effort');
  const tool = readImageTool(tools, model, effort);
  const toolChoice = readToolChoice(body['tool_choice'], tool !== null);
  const instructions = optionalText(body['instructions'], 'instructions');
  const maxToolCalls = optionalInteger(body['max_tool_calls'], 'max_tool_calls', 1, 10_000);
  return {
    model,
    instructions,
    ...input,
    stream: optionalFlag(body['stream'], 'stream'),
    background,
    completionWindow: readCompletionWindow(body),
    store,
    previousResponseId,
    tool: toolChoice === 'none' ? null : tool,
    maxToolCalls: maxToolCalls ?? Number.POSITIVE_INFINITY,
    echo: {
      instructions,
      reasoning: { effort, summary: null },
      max_output_tokens: optionalInteger(body['max_output_tokens'], 'max_output_tokens', 16, 1_000_000),
      max_tool_calls: maxToolCalls,
      metadata: isObject(body['metadata']) ? body['metadata'] : {},
      safety_identifier: safetyIdentifier,
      tool_choice: toolChoice,
      tools: tools.map((each: unknown) => (tool !== null && isImageTool(each) ? echoTool(tool) : each)),
    },
  };
}

function readToolChoice(choice: unknown, hasTool: boolean): unknown {
  if (choice === undefined || choice === null) return 'auto';
  if (isObject(choice)) {
    if (choice['type'] !== 'image_generation') return choice;
    if (hasTool) return { type: 'image_generation' };
    throw invalid("Tool choice 'image_generation' not found in 'tools' parameter.", 'tool_choice');
  }
  return optionalWord(choice, 'tool_choice', ['none', 'auto', 'required'] as const);
}

const TOOL_FIELDS = new Set(
  'type action background complexity frame_count frame_duration_ms input_fidelity input_image_mask model moderation output_compression output_format partial_images quality size svg'.split(
    ' ',
  ),
);

/** The reasoning efforts that the tool inherits as its complexity. */
const COMPLEXITY_OF_EFFORT: Readonly<Record<string, Complexity>> = { low: 'low', medium: 'medium', high: 'high' };

function isImageTool(tool: unknown): tool is JsonObject {
  return isObject(tool) && tool['type'] === 'image_generation';
}

/** @param model the mainline model, which writes SVG unless the tool names another @param effort its reasoning effort */
function readImageTool(tools: readonly unknown[], model: string, effort: string | null): ImageTool | null {
  const index = tools.findIndex(isImageTool);
  const tool = tools[index];
  if (!isImageTool(tool)) return null;
  const prefix = `tools[${index}].`;
  for (const name of Object.keys(tool)) {
    if (TOOL_FIELDS.has(name)) continue;
    throw invalid(`Unknown parameter: '${prefix}${name}'.`, prefix + name, 'unknown_parameter');
  }
  const mask = tool['input_image_mask'];
  return {
    options: readImageOptions(tool, prefix, {
      model: DEFAULT_IMAGE_MODEL,
      svgModel: model,
      complexity: COMPLEXITY_OF_EFFORT[effort ?? ''] ?? null,
    }),
    action: optionalWord(tool['action'], `${prefix}action`, ['generate', 'edit', 'auto'] as const) ?? 'auto',
    mask: isObject(mask) ? readReference(mask, `${prefix}input_image_mask`) : null,
  };
}

/** The tool with its defaults, as a response repeats it, without the bytes of the mask. */
function echoTool({ options, action }: ImageTool): JsonObject {
  return {
    type: 'image_generation',
    action,
    background: options.background,
    model: options.model,
    moderation: options.moderation,
    output_compression: options.outputCompression,
    output_format: options.outputFormat,
    partial_images: options.partialImages,
    quality: options.quality,
    size: options.size,
    ...(options.complexity !== null && { complexity: options.complexity }),
    ...(options.animation !== null && {
      frame_count: options.animation.frameCount,
      frame_duration_ms: options.animation.frameDurationMs,
    }),
    ...(options.svg !== null && { svg: { model: options.svg.model, reasoning: { effort: options.svg.effort } } }),
  };
}

type Input = Pick<ResponsesRequest, 'prompt' | 'itemIds' | 'reasoningIds' | 'inputImages'>;

function readInput(input: unknown): Input {
  if (typeof input === 'string') return { prompt: parsePrompt(input), itemIds: [], reasoningIds: [], inputImages: [] };
  if (!Array.isArray(input)) {
    throw invalid("Missing required parameter: 'input'.", 'input', 'missing_required_parameter');
  }
  let words = '';
  const itemIds: string[] = [];
  const reasoningIds: string[] = [];
  const inputImages: PictureReference[] = [];
  for (const [index, item] of input.entries()) {
    const param = `input[${index}]`;
    if (!isObject(item)) throw invalid(`Invalid type for '${param}': expected an object.`, param, 'invalid_type');
    const id = optionalText(item['id'], `${param}.id`);
    const type = item['type'] ?? (item['role'] === undefined ? 'item_reference' : 'message');
    if (type === 'message') {
      const content = readContent(item['content'], `${param}.content`);
      inputImages.unshift(...content.images);
      // The last user message is drawn. System and developer messages only give context.
      if (item['role'] === 'user' && content.text !== '') words = content.text;
    } else if (type === 'image_generation_call' || type === 'item_reference') {
      if (id === null)
        throw invalid(`Missing required parameter: '${param}.id'.`, `${param}.id`, 'missing_required_parameter');
      if (id.startsWith('rs_')) reasoningIds.push(id);
      else if (typeof item['result'] === 'string' && item['result'] !== '') {
        inputImages.unshift({ text: item['result'], param: `${param}.result` });
      } else itemIds.unshift(id);
    } else if (type === 'reasoning') {
      if (id !== null) reasoningIds.push(id);
    } else throw invalid(`Invalid value: '${String(type)}'.`, `${param}.type`, 'invalid_value');
  }
  return { prompt: parsePrompt(words), itemIds, reasoningIds, inputImages };
}

function readContent(content: unknown, param: string): { text: string; images: PictureReference[] } {
  if (typeof content === 'string') return { text: content, images: [] };
  if (!Array.isArray(content)) throw invalid(`Invalid type for '${param}'.`, param, 'invalid_type');
  const texts: string[] = [];
  const images: PictureReference[] = [];
  for (const [index, part] of content.entries()) {
    const at = `${param}[${index}]`;
    const type = isObject(part) ? part['type'] : null;
    if (isObject(part) && (type === 'input_text' || type === 'output_text')) {
      texts.push(optionalText(part['text'], `${at}.text`) ?? '');
    } else if (isObject(part) && type === 'input_image') {
      const image = readReference(part, at);
      if (image === null) {
        const missing = `${at}.image_url`;
        throw invalid(`Missing required parameter: '${missing}'.`, missing, 'missing_required_parameter');
      }
      images.unshift(image);
    } else throw invalid(`Invalid value: '${String(type)}'.`, `${at}.type`, 'invalid_value');
  }
  return { text: texts.join('\n'), images };
}
