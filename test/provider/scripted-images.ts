/** Scripted answers of the Image API: a document with all pictures, or the stream of one. */
import { base64, type Json, jsonReply, type Reply, streamReply } from '../support/scripted-upstream.ts';

export const IMAGES_USAGE = {
  input_tokens: 20,
  input_tokens_details: { image_tokens: 12, text_tokens: 8 },
  output_tokens: 400,
  output_tokens_details: { image_tokens: 390, text_tokens: 10 },
  total_tokens: 420,
};

const SHOWN = { background: 'opaque', output_format: 'webp', quality: 'low', size: '1024x1024' };

export function imagesDocument(pictures: readonly Uint8Array[], more: Json = {}): Json {
  const data = pictures.map((bytes) => ({ b64_json: base64(bytes) }));
  return { created: 1_790_000_000, ...SHOWN, data, usage: IMAGES_USAGE, ...more };
}

export function documentReply(pictures: readonly Uint8Array[], more: Json = {}): Reply {
  return jsonReply(imagesDocument(pictures, more));
}

/** The events of a stream: its partials, and its picture unless that is null. */
export function imagesEvents(
  partials: readonly Uint8Array[],
  picture: Uint8Array | null,
  kind: 'image_generation' | 'image_edit' = 'image_generation',
): Json[] {
  const common = { created_at: 1_790_000_000, ...SHOWN };
  const told = partials.map((bytes, index) => ({
    type: `${kind}.partial_image`,
    ...common,
    b64_json: base64(bytes),
    partial_image_index: index,
  }));
  if (picture === null) return told;
  return [...told, { type: `${kind}.completed`, ...common, b64_json: base64(picture), usage: IMAGES_USAGE }];
}

export function imagesStream(partials: readonly Uint8Array[], picture: Uint8Array | null): Reply {
  return streamReply(imagesEvents(partials, picture));
}
