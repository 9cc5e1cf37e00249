/**
 * What is sent to `POST /responses` for one generation. Only what was asked for is named: compatible services refuse
 * options they do not know, and the upstream's defaults are its own.
 */
import type {
  ResponseCreateParamsStreaming,
  ResponseInputContent,
  ResponseInputItem,
  Tool,
} from 'openai/resources/responses/responses';
import type { InputImage, ProviderRequest } from '../../image-provider.ts';
import { referencesTo, referenceTo } from '../files/image-reference.ts';
import { lowerCase } from '../lower-case.ts';

export interface RequestModels {
  /** The mainline model where the request names none: it reads the prompt and calls the image generation tool. */
  readonly model: string;
  /** The image model where the request names none; null leaves the choice to the upstream. */
  readonly imageModel: string | null;
  /** The image model for the Image API where neither names one; null or left out leaves the choice to the upstream. */
  readonly imageApiModel?: string | null;
}

export interface CreateBodyOptions extends RequestModels {
  /** See OpenAiProviderOptions, also for the next one. */
  readonly store?: boolean;
  readonly boundsToolCalls?: boolean;
}

/** Rewriting is what the mainline model does unless it is told not to; there is no option for it. */
const VERBATIM_INSTRUCTIONS = [
  'Call the image generation tool once, with the text of the user’s last message as its prompt: verbatim, word for word.',
  'Do not rewrite, translate, correct, shorten, extend or explain that prompt, whatever it says and however short it is.',
].join(' ');

/** The body of the create request. Reads the bytes of pictures, so it rejects with what they reject with. */
export async function buildCreateBody(
  request: ProviderRequest,
  options: CreateBodyOptions,
): Promise<ResponseCreateParamsStreaming> {
  const { context, settings } = request;
  return {
    model: settings.mainlineModel ?? options.model,
    stream: true,
    // A response does not take over the instructions of the one before it.
    ...(request.verbatim && { instructions: VERBATIM_INSTRUCTIONS }),
    input: await buildInput(request),
    tools: [await buildTool(request, options.imageModel)],
    // Without this the mainline model may answer with words about a picture.
    tool_choice: { type: 'image_generation' },
    // One picture a request: whatever more the model would call for is not made, and not paid for.
    ...(options.boundsToolCalls === true && { max_tool_calls: 1 }),
    ...(context.route === 'PREVIOUS_RESPONSE' && { previous_response_id: context.responseId }),
    ...storage(request, options),
    ...(request.safetyIdentifier !== null && { safety_identifier: request.safetyIdentifier }),
  };
}

function storage(request: ProviderRequest, { store = true }: CreateBodyOptions) {
  if (!store) return { store: false };
  // Stored by default, but an account's own default may be another, and background work needs it.
  return request.background ? { background: true, store: true } : {};
}

async function buildTool(request: ProviderRequest, imageModel: string | null): Promise<Tool.ImageGeneration> {
  const { settings, mask } = request;
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
    ...(settings.partialImages !== null && { partial_images: settings.partialImages }),
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
  // The SDK's type demands `result` and `status`, which only the upstream has; the API takes the id alone.
  return { type: 'image_generation_call', id } as ResponseInputItem.ImageGenerationCall;
}

async function inputImages(pictures: readonly InputImage[]): Promise<ResponseInputContent[]> {
  const references = await referencesTo(pictures);
  return references.map((reference) => ({ type: 'input_image', ...reference, detail: 'auto' }));
}
