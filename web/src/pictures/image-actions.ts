/** What one does with pictures, from the gallery, the trash and the view of one: each says what it did, and how to undo it. */
import type { Client } from '@urql/core';
import { useMemo } from 'react';
import { useClient } from 'urql';
import { ask } from '../api/query.ts';
import { announce, notify, notifyError } from '../app/notices.tsx';
import {
  type ChangedImageFragment,
  ChangeImagesDocument,
  DeleteImagesDocument,
  ExportLinkDocument,
  type ImageTileFragment,
  RestoreImagesDocument,
  type UpdateImagesInput,
} from '../gql/graphql.ts';
import { tellImageChange } from './image-changes.ts';

/** How many images the API changes, or exports, in one request. */
export const MAX_IMAGES = 100;

export type ImageTags = Pick<UpdateImagesInput, 'addTags' | 'removeTags'>;

export interface ImageActions {
  setFavorite(images: readonly ImageTileFragment[], favorite: boolean): Promise<void>;
  changeTags(images: readonly ImageTileFragment[], tags: ImageTags): Promise<void>;
  /** Moves them to the trash, and offers to undo that. */
  remove(images: readonly ImageTileFragment[]): Promise<void>;
  restore(ids: readonly string[]): Promise<void>;
  /** Downloads 1 to 100 images as one ZIP file. */
  exportZip(ids: readonly string[]): Promise<void>;
}

export function useImageActions(): ImageActions {
  const client = useClient();
  return useMemo(() => createActions(client), [client]);
}

function createActions(client: Client): ImageActions {
  /** Shows the change at once, and takes it back where the server refuses it. */
  async function change(
    images: readonly ImageTileFragment[],
    input: Omit<UpdateImagesInput, 'imageIds'>,
  ): Promise<number> {
    for (const image of images) tellImageChange({ kind: 'updated', image: changed(image, input) });
    try {
      const results = await inParts(images, async (imageIds) => {
        const { updateImages } = await ask(client, 'mutation', ChangeImagesDocument, { input: { ...input, imageIds } });
        return resultsOf(updateImages);
      });
      return tell(images, results, 'updated');
    } catch (error) {
      for (const image of images) tellImageChange({ kind: 'updated', image });
      notifyError(error);
      return 0;
    }
  }

  const actions: ImageActions = {
    async setFavorite(images, favorite) {
      await change(images, { favorite });
    },
    async changeTags(images, tags) {
      const count = await change(images, tags);
      if (count > 0) announce(count === 1 ? 'The tags are changed.' : `The tags of ${count} pictures are changed.`);
    },
    async remove(images) {
      for (const { id } of images) tellImageChange({ kind: 'deleted', imageId: id });
      try {
        const results = await inParts(images, async (imageIds) => {
          const { deleteImages } = await ask(client, 'mutation', DeleteImagesDocument, { input: { imageIds } });
          return resultsOf(deleteImages);
        });
        const done = results.filter(isDone).map(({ imageId }) => imageId);
        tell(images, results, 'deleted');
        if (done.length > 0) notify({ text: inTrash(done.length), undo: () => void actions.restore(done) });
      } catch (error) {
        for (const image of images) tellImageChange({ kind: 'restored', image });
        notifyError(error);
      }
    },
    async restore(ids) {
      try {
        const images = ids.map((id) => ({ id }));
        const results = await inParts(images, async (imageIds) => {
          const { restoreImages } = await ask(client, 'mutation', RestoreImagesDocument, { input: { imageIds } });
          return resultsOf(restoreImages);
        });
        const count = tell([], results, 'restored');
        if (count > 0) notify({ text: count === 1 ? 'The picture is back.' : `${count} pictures are back.` });
      } catch (error) {
        notifyError(error);
      }
    },
    async exportZip(ids) {
      try {
        const { imagesExportUrl } = await ask(client, 'query', ExportLinkDocument, { ids });
        if (imagesExportUrl != null) followDownload(imagesExportUrl, '');
      } catch (error) {
        notifyError(error);
      }
    },
  };
  return actions;
}

function inTrash(count: number): string {
  return count === 1 ? 'The picture is in the trash.' : `${count} pictures are in the trash.`;
}

/** Tells what came of each; those that were refused are shown as they were, with the reason in words. Returns how many succeeded. */
function tell(
  before: readonly ImageTileFragment[],
  results: readonly ChangedImageFragment[],
  kind: 'updated' | 'deleted' | 'restored',
): number {
  const refused: string[] = [];
  for (const { imageId, result } of results) {
    if ('image' in result) {
      if (kind === 'deleted') tellImageChange({ kind, imageId });
      else tellImageChange({ kind, image: result.image });
      continue;
    }
    refused.push(result.message);
    const image = before.find(({ id }) => id === imageId);
    if (image !== undefined) tellImageChange({ kind: kind === 'deleted' ? 'restored' : 'updated', image });
  }
  const [reason] = refused;
  if (reason !== undefined) {
    notify({
      text: refused.length === 1 ? reason : `${refused.length} pictures were not changed: ${reason}`,
      isError: true,
    });
  }
  return results.length - refused.length;
}

function isDone({ result }: ChangedImageFragment): boolean {
  return 'image' in result;
}

type Answer = { readonly results: readonly ChangedImageFragment[] } | { readonly message: string };

function resultsOf(answer: Answer): readonly ChangedImageFragment[] {
  if ('message' in answer) throw new Error(answer.message);
  return answer.results;
}

async function inParts<Result>(
  images: readonly { readonly id: string }[],
  send: (ids: string[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < images.length; start += MAX_IMAGES) {
    const part = images.slice(start, start + MAX_IMAGES);
    results.push(...(await send(part.map(({ id }) => id))));
  }
  return results;
}

/** As the server will store it, in the letter case that it gives tags. */
function changed(image: ImageTileFragment, { favorite, addTags, removeTags }: Omit<UpdateImagesInput, 'imageIds'>) {
  const tags = new Set([...image.tags, ...(addTags ?? []).map(tagForm)]);
  for (const tag of removeTags ?? []) tags.delete(tagForm(tag));
  return { ...image, favorite: favorite ?? image.favorite, tags: [...tags].sort() };
}

function tagForm(tag: string): string {
  return tag.normalize('NFC').trim().replaceAll(/\s+/gu, ' ').toLowerCase();
}

function followDownload(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** How long a browser may take to begin with a download. */
const DOWNLOAD_BEGINS_MS = 60_000;

/** Downloads the file as it is stored. Its bytes are read first: of an address, browsers take the name that the server gives. */
export async function downloadImage({ url, prompt }: Pick<ImageTileFragment, 'url' | 'prompt'>): Promise<void> {
  const extension = /\.[a-z]+$/u.exec(new URL(url, location.href).pathname)?.[0] ?? '';
  const words = (prompt ?? 'picture').replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60);
  try {
    const file = URL.createObjectURL(await fileAt(url));
    followDownload(file, `${words.replaceAll(/^-|-$/gu, '') || 'picture'}${extension}`);
    setTimeout(() => URL.revokeObjectURL(file), DOWNLOAD_BEGINS_MS);
  } catch (error) {
    notifyError(error);
  }
}

/** A link to the view of the picture in this page. */
export async function copyLink(imageId: string): Promise<void> {
  await copy(
    () => navigator.clipboard.writeText(`${location.href.split('#')[0]}#/view/${imageId}`),
    'The link is copied.',
  );
}

/** The picture itself, as PNG: what every program that pastes pictures understands. */
export async function copyImage({ url }: Pick<ImageTileFragment, 'url'>): Promise<void> {
  // The promise within: Safari writes only at once after the click.
  const write = () => navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(url) })]);
  await copy(write, 'The picture is copied.');
}

async function copy(write: () => Promise<void>, done: string): Promise<void> {
  try {
    await write();
    notify({ text: done });
  } catch {
    notify({ text: 'This browser does not allow to copy here. Download the picture instead.', isError: true });
  }
}

/** @throws {Error} when it cannot be had */
async function fileAt(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The server answers ${response.status}.`);
  return response.blob();
}

async function pngOf(url: string): Promise<Blob> {
  const file = await fileAt(url);
  if (file.type === 'image/png') return file;
  // An element, because it reads SVG as well, which `createImageBitmap` does not.
  const picture = new Image();
  picture.crossOrigin = 'anonymous';
  picture.src = url;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.naturalWidth, picture.naturalHeight);
  canvas.getContext('2d')?.drawImage(picture, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
