/**
 * What a new response works from: bytes in its input, a picture item named in it, or the last picture of the
 * previous response. Together with the words this gives the idea to draw.
 */

import { changedIdea, type Idea, ideaOver, newIdea } from '../art/idea.ts';
import type { FileStore } from '../files/store.ts';
import { imageUserError } from '../http/api-error.ts';
import { automaticSize, parseSize, type Size } from '../image-options.ts';
import { pictureOf } from '../input-picture.ts';
import type { MadePicture } from './record.ts';
import type { ImageTool, ResponsesRequest } from './request.ts';
import type { ResponseStore } from './store.ts';

export interface Task {
  readonly idea: Idea;
  readonly size: Size;
  /** `edit` when there is a picture that is changed. */
  readonly action: 'generate' | 'edit';
  /** Only where `mask` is transparent does `parent` change. */
  readonly masked: { readonly mask: Buffer; readonly parent: Idea } | null;
  /** The sizes of the pictures that went in, for the bill. */
  readonly inputs: readonly Size[];
}

/** What the upstream keeps of what came before. */
export interface Memory {
  readonly store: ResponseStore;
  readonly files: FileStore;
}

interface Ground extends Size {
  readonly idea: Idea;
}

/**
 * Looks up what the request names.
 * @returns null when the model may not draw
 * @throws {ApiError} when something named is not there, is no picture, or is missing
 */
export async function resolveTask(request: ResponsesRequest, memory: Memory): Promise<Task | null> {
  const ground = await findGround(request, memory);
  const { tool } = request;
  if (tool === null) return null;
  const { words } = request.prompt;
  if (tool.action === 'edit' && ground === null) {
    throw imageUserError("The action 'edit' requires an image in the context.", 'tools', 'invalid_action');
  }
  const asked = parseSize(tool.options.size);
  if (ground === null || tool.action === 'generate') {
    const size = asked ?? automaticSize(words);
    return { idea: newIdea(words), size, action: 'generate', masked: null, inputs: [] };
  }
  return {
    idea:
      ground.idea.base !== null && ground.idea.changes.length === 0
        ? ideaOver(ground.idea.base, words)
        : changedIdea(ground.idea, words),
    size: asked ?? roundedSize(ground),
    action: 'edit',
    masked: await readMask(tool, ground, memory.files),
    inputs: [ground],
  };
}

async function findGround(request: ResponsesRequest, { store, files }: Memory): Promise<Ground | null> {
  const previous = request.previousResponseId === null ? null : store.getPrevious(request.previousResponseId);
  const named = request.itemIds.map((id) => store.getPicture(id, request.reasoningIds));
  // All of them have to be there, though only the last one is drawn upon.
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

async function readMask(tool: ImageTool, ground: Ground, files: FileStore): Promise<Task['masked']> {
  if (tool.mask === null) return null;
  const { bytes } = await pictureOf(tool.mask, files);
  return { mask: bytes, parent: ground.idea };
}

/** The size of a given picture, made one that the upstream could have drawn. */
export function roundedSize({ width, height }: Size): Size {
  const scale = Math.min(Math.max(1, Math.sqrt(655_360 / (width * height))), 3840 / Math.max(width, height));
  const round = (edge: number) => Math.min(3840, Math.ceil((edge * scale) / 16) * 16);
  return { width: round(width), height: round(height) };
}
