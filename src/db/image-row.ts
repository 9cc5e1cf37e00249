/** Converts rows of images into images of the domain. */
import type { Selection } from 'kysely';
import type { Image } from '../domain/images/image.ts';
import { parseSettings } from './json.ts';
import type { Tables } from './tables.ts';

/** The columns with the names of the domain, so that rows need not be copied. */
export const COLUMNS = {
  id: 'images.id',
  principal: 'images.principal',
  conversationId: 'images.conversation_id as conversationId',
  callId: 'images.call_id as callId',
  imageIndex: 'images.image_index as imageIndex',
  origin: 'images.origin',
  purpose: 'images.purpose',
  sha256: 'images.sha256',
  byteSize: 'images.byte_size as byteSize',
  width: 'images.width',
  height: 'images.height',
  format: 'images.format',
  thumbhash: 'images.thumbhash',
  hasContentCredentials: 'images.has_content_credentials as hasContentCredentials',
  prompt: 'images.prompt',
  revisedPrompt: 'images.revised_prompt as revisedPrompt',
  requested: 'images.requested',
  actual: 'images.actual',
  itemId: 'images.item_id as itemId',
  responseId: 'images.response_id as responseId',
  verbatim: 'images.verbatim',
  favorite: 'images.favorite',
  deletedAt: 'images.deleted_at as deletedAt',
  createdAt: 'images.created_at as createdAt',
} as const satisfies Readonly<Record<keyof Image, string>>;

export const IMAGE = Object.values(COLUMNS);

type ImageRow = Selection<Tables, 'images', (typeof IMAGE)[number]>;

/** Turns a row, or the columns that were read, into an image. Changes the row itself: nobody else has it. */
export function toImage(row: ImageRow): Image {
  const { requested, actual } = row;
  const image = row as Writable<Image>;
  // Columns with fixed values are only written from the unions of the domain.
  if (requested != null) image.requested = parseSettings(requested);
  if (actual != null) image.actual = parseSettings(actual);
  return image;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
