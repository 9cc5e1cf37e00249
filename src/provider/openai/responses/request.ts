/**
 * Builds the body of `POST /responses` for one generation. It contains only the options that were requested: compatible
 * services reject options that they do not know, and the upstream has its own defaults.
 */
import type {
  ResponseCreateParams,
  ResponseInputContent,
  ResponseInputItem,
  Tool,
} from 'openai/resources/responses/responses';
import { type CompletionWindow, isDeferred } from '../../../domain/generation/options.ts';
import type { InputImage, ProviderRequest } from '../../image-provider.ts';
import { drawingOptions } from '../drawing-options.ts';
import { referencesTo, referenceTo } from '../files/image-reference.ts';
import { lowerCase } from '../lower-case.ts';
import { withoutParameters } from '../optional-parameters.ts';

export interface RequestModels {
  /** The mainline model, which reads the prompt and calls the image generation tool, if the request names none. */
  readonly model: string;
  /** The image model if the request names none; null leaves the choice to the upstream. */
  readonly imageModel: string | null;
  /** The image model for the Image API if neither names one; null or undefined leaves the choice to the upstream. */
  readonly imageApiModel?: string | null;
}

export interface CreateBodyOptions extends RequestModels {
  /** See OpenAiProviderOptions for this option and the next. */
  readonly store?: boolean;
  readonly boundsToolCalls?: boolean;
}

/** The mainline model rewrites prompts unless its instructions forbid it. The API has no option for this. */
const VERBATIM_INSTRUCTIONS = [
  'Call the image generation tool once, with the text of the user’s last message as its prompt: verbatim, word for word.',
  'Do not rewrite, translate, correct, shorten, extend or explain that prompt, whatever it says and however short it is.',
].join(' ');

/** Reads the bytes of source images, so it rejects with what reading them rejects with. */
export async function buildCreateBody(
  request: ProviderRequest,
  options: CreateBodyOptions,
): Promise<ResponseCreateParams> {
  const { context, settings } = request;
  const body: ResponseCreateParams = {
    model: settings.mainlineModel ?? options.model,
    // A response with a completion window cannot be streamed.
    ...(!isDeferred(settings.completionWindow) && { stream: true }),
    // A response does not inherit the instructions of the previous one.
    ...(request.verbatim && { instructions: VERBATIM_INSTRUCTIONS }),
    input: await buildInput(request),
    tools: [await buildTool(request, options.imageModel)],
    // Without this the mainline model may answer in text only.
    tool_choice: { type: 'image_generation' },
    // One image per request: further tool calls of the model are neither run nor charged.
    ...(options.boundsToolCalls === true && { max_tool_calls: 1 }),
    ...(context.route === 'PREVIOUS_RESPONSE' && { previous_response_id: context.responseId }),
    ...storage(request, options),
    ...(request.safetyIdentifier !== null && { safety_identifier: request.safetyIdentifier }),
  };
  return withoutParameters(body, request.leftOut);
}

function storage(request: ProviderRequest, { store = true }: CreateBodyOptions) {
  if (!store || !request.store) return { store: false };
  const completionWindow = WINDOWS[request.settings.completionWindow ?? 'SOONEST'];
  // `store` is true by default, but an account can have another default, and background work needs it.
  const background = { background: true, store: true } as const;
  if (completionWindow !== null) return { ...background, background_options: { completion_window: completionWindow } };
  return request.background ? background : {};
}

/** Null for what the upstream does anyway: a service that does not know the option may reject it. */
const WINDOWS: Readonly<Record<CompletionWindow, '2h' | '8h' | null>> = {
  SOONEST: null,
  WITHIN_2_HOURS: '2h',
  WITHIN_8_HOURS: '8h',
};

async function buildTool(request: ProviderRequest, imageModel: string | null): Promise<Tool.ImageGeneration> {
  const { settings, mask, markup } = request;
  if (markup !== null) throw new Error('The image generation tool does not take a markup');
  const model = settings.model ?? imageModel;
  return {
    type: 'image_generation',
    ...(request.action === 'EDIT' && { action: 'edit' }),
    ...(model !== null && { model }),
    ...(settings.size !== null && { size: settings.size }),
    ...(settings.quality !== null && { quality: lowerCase(settings.quality) }),
    ...(settings.format !== null && { output_format: lowerCase(settings.format) }),
    ...(settings.compression !== null && { output_compression: settings.compression }),
    ...(settings.background !== null && { background: lowerCase(settings.background) }),
    ...(settings.moderation !== null && { moderation: lowerCase(settings.moderation) }),
    ...(settings.inputFidelity !== null && { input_fidelity: lowerCase(settings.inputFidelity) }),
    ...(settings.partialImages !== null && settings.partialImages > 0 && { partial_images: settings.partialImages }),
    ...drawingOptions(settings),
    ...(mask !== null && { input_image_mask: await referenceTo(mask) }),
  };
}

async function buildInput({ prompt, context }: ProviderRequest): Promise<string | ResponseInputItem[]> {
  switch (context.route) {
    case 'NONE':
    case 'PREVIOUS_RESPONSE':
      return prompt;
    case 'CONTEXT_ITEMS':
      return [...context.itemIds.map(imageCallReference), { role: 'user', content: prompt }];
    case 'IMAGE_BYTES':
      return [
        { role: 'user', content: [{ type: 'input_text', text: prompt }, ...(await inputImages(context.pictures))] },
      ];
  }
}

function imageCallReference(id: string): ResponseInputItem {
  // The SDK's type requires `result` and `status`, which only the upstream has; the API accepts the id alone.
  return { type: 'image_generation_call', id } as ResponseInputItem.ImageGenerationCall;
}

async function inputImages(images: readonly InputImage[]): Promise<ResponseInputContent[]> {
  const references = await referencesTo(images);
  return references.map((reference) => ({ type: 'input_image', ...reference, detail: 'auto' }));
}
