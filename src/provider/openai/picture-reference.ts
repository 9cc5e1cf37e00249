/** How a request names a picture: by the upstream's own id of it, or with its bytes in a data URL. */
import type { ProviderPicture, ProviderRequest } from '../image-provider.ts';

export type PictureReference = { readonly file_id: string } | { readonly image_url: string };

/** Reads the bytes only where there is no id, and rejects with what reading rejects with. */
export async function referenceTo(picture: ProviderPicture): Promise<PictureReference> {
  if (picture.fileId !== null) return { file_id: picture.fileId };
  const bytes = await picture.read();
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return { image_url: `data:${picture.mediaType};base64,${base64}` };
}

/** One after the other: reading them all at once would hold every picture twice, as bytes and as base64. */
export async function referencesTo(pictures: readonly ProviderPicture[]): Promise<PictureReference[]> {
  const references: PictureReference[] = [];
  for (const picture of pictures) references.push(await referenceTo(picture));
  return references;
}

/** Whether the request names any picture by the upstream's id of it. */
export function usesFiles({ context, mask }: ProviderRequest): boolean {
  const pictures = context.route === 'IMAGE_BYTES' ? context.pictures : [];
  return [...pictures, ...(mask === null ? [] : [mask])].some((picture) => picture.fileId !== null);
}
