/** A server whose upstream is a simulator, and the pictures that the upstream was sent. */
import sharp from 'sharp';
import { openShop, type Shop } from '../api/orders.ts';
import { refine, watchToEnd } from '../api/steps.ts';
import { data } from '../support/client.ts';
import { RefineImage } from '../support/documents.ts';
import { uploadPicture } from '../support/upload.ts';

export const APIS = ['responses', 'images'] as const;
export type Api = (typeof APIS)[number];

export interface Sent {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** Pictures are sent in the request, where they can be seen. */
export function openBytesShop(api: Api, env: Readonly<Record<string, string>> = {}): Promise<Shop> {
  return openShop({ UPSTREAM_FILES: 'off', UPSTREAM_API: api, ...env });
}

/** Edits an upload, and returns what the upstream was sent of the source and of the mask. */
export async function sentFor(shop: Shop, source: Uint8Array, mask?: Uint8Array) {
  const { id: imageId, ...uploaded } = await uploadPicture(shop.url, source);
  const maskImageId = mask === undefined ? null : (await uploadPicture(shop.url, mask)).id;
  const call = await refine(shop.url, {
    imageId,
    prompt: 'a moon [sim:duration=0]',
    maskImageId,
    options: { partialImages: 0, size: '1024x1024' },
  });
  const events = await watchToEnd(shop.url, call.id);
  const last = events.at(-1);
  if (last?.__typename !== 'GenerationCompleted') throw new Error(JSON.stringify(last));
  const pictures = dataUrlsIn(shop.creates().at(-1)?.body);
  const [sent, sentMask = null] = pictures
    .filter(({ path }) => !path.includes('mask'))
    .concat(pictures.filter(({ path }) => path.includes('mask')));
  if (sent === undefined) throw new Error('the upstream was sent no picture');
  return { uploaded, source: sent, mask: sentMask };
}

/** Why a mask is refused for a source; null when it is taken. */
export async function maskProblem(shop: Shop, source: Uint8Array, mask: Uint8Array): Promise<string | null> {
  const [imageId, maskImageId] = [(await uploadPicture(shop.url, source)).id, (await uploadPicture(shop.url, mask)).id];
  const input = { imageId, maskImageId, prompt: 'a moon [sim:duration=0]', options: { partialImages: 0 } };
  const { refineImage } = await data(shop.url, RefineImage, { input });
  return refineImage.__typename === 'InvalidInputError' ? (refineImage.fields[0]?.message ?? '') : null;
}

/** Every data URL of a request, with the names of the fields that lead to it. */
function dataUrlsIn(value: unknown, path = ''): (Sent & { readonly path: string })[] {
  if (typeof value === 'string') {
    const [, mediaType, base64] = /^data:([^;]+);base64,(.+)$/u.exec(value) ?? [];
    if (mediaType === undefined || base64 === undefined) return [];
    return [{ path, mediaType, bytes: Buffer.from(base64, 'base64') }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, held]) => dataUrlsIn(held, `${path}.${name}`));
}

/** Four bytes a pixel, as the picture is stored. */
export function rgba(bytes: Uint8Array): Promise<Buffer> {
  return sharp(bytes).toColourspace('srgb').ensureAlpha().raw().toBuffer();
}
