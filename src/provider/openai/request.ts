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
import type { ProviderContext, ProviderPicture, ProviderRequest } from '../image-provider.ts';

export interface RequestModels {
  /** The mainline model, which reads the prompt and calls the image generation tool. */
  readonly model: string;
  /** The image model where the request names none; null leaves the choice to the upstream. */
  readonly imageModel: string | null;
}

/** The body of the create request. Reads the bytes of the context's pictures, so it rejects with what they reject with. */
export async function buildCreateBody(
  request: ProviderRequest,
  models: RequestModels,
): Promise<ResponseCreateParamsStreaming> {
  const { context } = request;
  return {
    model: models.model,
    stream: true,
    input: await buildInput(request.prompt, context),
    tools: [buildTool(request, models.imageModel)],
    // Without this the mainline model may answer with words about a picture.
    tool_choice: { type: 'image_generation' },
    ...(context.route === 'PREVIOUS_RESPONSE' && { previous_response_id: context.responseId }),
    // Stored by default, but an account's own default may be another, and background work needs it.
    ...(request.background && { background: true, store: true }),
    ...(request.safetyIdentifier !== null && { safety_identifier: request.safetyIdentifier }),
  };
}

function buildTool(request: ProviderRequest, imageModel: string | null): Tool.ImageGeneration {
  const { settings } = request;
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
  };
}

function lowerCase<W extends string>(word: W): Lowercase<W> {
  // `toLowerCase` is typed as giving any string; on a literal it gives the literal in lower case.
  return word.toLowerCase() as Lowercase<W>;
}

async function buildInput(prompt: string, context: ProviderContext): Promise<string | ResponseInputItem[]> {
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

/** One after the other: reading them all at once would hold every picture twice, as bytes and as base64. */
async function inputImages(pictures: readonly ProviderPicture[]): Promise<ResponseInputContent[]> {
  const images: ResponseInputContent[] = [];
  for (const picture of pictures) {
    const bytes = await picture.read();
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    images.push({ type: 'input_image', image_url: `data:${picture.mediaType};base64,${base64}`, detail: 'auto' });
  }
  return images;
}
