/**
 * Finds what a new response has to draw. It starts from the image in its input, an image item named in it, or the last
 * image of the previous response; the prompt is added to that.
 */

import { changedIdea, type Idea, ideaOver, newIdea } from '../art/idea.ts';
import type { FileStore } from '../files/store.ts';
import { imageUserError } from '../http/api-error.ts';
import { automaticSize, parseSize, type Size } from '../image-options.ts';
import { pictureOf } from '../input-picture.ts';
import type { MadePicture } from './record.ts';
import type { ImageTool, ResponsesRequest } from './request.ts';
import type { ResponseStore } from './store.ts';

export interface DrawingTask {
  readonly idea: Idea;
  readonly size: Size;
  /** `edit` when an existing image is changed. */
  readonly action: 'generate' | 'edit';
  /** `parent` changes only where `mask` is transparent. */
  readonly masked: { readonly mask: Buffer; readonly parent: Idea } | null;
  /** The sizes of the input images, for the usage. */
  readonly inputs: readonly Size[];
}

/** What the upstream has stored. */
export interface Stores {
  readonly store: ResponseStore;
  readonly files: FileStore;
}

interface SourceImage extends Size {
  readonly idea: Idea;
}

/**
 * Looks up everything that the request refers to.
 * @returns null when the model may not draw
 * @throws {ApiError} when something is missing, unknown, or not an image
 */
export async function resolveDrawingTask(request: ResponsesRequest, stores: Stores): Promise<DrawingTask | null> {
  const source = await findSource(request, stores);
  const { tool } = request;
  if (tool === null) return null;
  const { words } = request.prompt;
  if (tool.action === 'edit' && source === null) {
    throw imageUserError("The action 'edit' requires an image in the context.", 'tools', 'invalid_action');
  }
  const asked = parseSize(tool.options.size);
  if (source === null || tool.action === 'generate') {
    const size = asked ?? automaticSize(words);
    return { idea: newIdea(words), size, action: 'generate', masked: null, inputs: [] };
  }
  return {
    idea:
      source.idea.base !== null && source.idea.changes.length === 0
        ? ideaOver(source.idea.base, words)
        : changedIdea(source.idea, words),
    size: asked ?? roundedSize(source),
    action: 'edit',
    masked: await readMask(tool, source, stores.files),
    inputs: [source],
  };
}

async function findSource(request: ResponsesRequest, { store, files }: Stores): Promise<SourceImage | null> {
  const previous = request.previousResponseId === null ? null : store.getPrevious(request.previousResponseId);
  const named = request.itemIds.map((id) => store.getPicture(id, request.reasoningIds));
  // All of them must exist, although only the last one is changed.
  const [image] = await Promise.all(request.inputImages.map((each) => pictureOf(each, files)));
  if (image !== undefined) {
    const { bytes, width, height } = image;
    return { idea: { subject: '', changes: [], base: bytes, variant: 0 }, width, height };
  }
  const item = named.find((each) => each !== null);
  if (item) return item;
  let last: MadePicture | null = null;
  for (let at = previous; at !== null; ) {
    last = at.pictures.at(-1) ?? null;
    const before = at.request.previousResponseId;
    if (last !== null || before === null) break;
    at = store.getPrevious(before);
  }
  return last;
}

async function readMask(tool: ImageTool, source: SourceImage, files: FileStore): Promise<DrawingTask['masked']> {
  if (tool.mask === null) return null;
  const { bytes } = await pictureOf(tool.mask, files);
  return { mask: bytes, parent: source.idea };
}

/** The size of a given image, rounded to one that the upstream supports. */
export function roundedSize({ width, height }: Size): Size {
  const scale = Math.min(Math.max(1, Math.sqrt(655_360 / (width * height))), 3840 / Math.max(width, height));
  const round = (edge: number) => Math.min(3840, Math.ceil((edge * scale) / 16) * 16);
  return { width: round(width), height: round(height) };
}
