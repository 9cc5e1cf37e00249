/**
 * Changes of images: favourites, tags, into the trash and back. A list of images is changed in one transaction; an image
 * that cannot be changed does not keep the others from it.
 */
import type { DatabaseTransaction } from '../../db/database.ts';
import { findTagsOfImages, replaceTags } from '../../db/queries/images/image-tags.ts';
import { findImages, setFavorite } from '../../db/queries/images/images.ts';
import { lockConversations, lockImages, setImagesDeleted } from '../../db/queries/trash.ts';
import type { ImageChange as ImageEvent } from '../../domain/archive-event.ts';
import type { Conversation } from '../../domain/conversation.ts';
import { DomainError, InTrashError, InvalidInputError, NotFoundError } from '../../domain/errors.ts';
import { refuseIfAny } from '../../domain/generation/generation-input.ts';
import type { Image } from '../../domain/images/image.ts';
import { changedTags, MAX_TAGS, type TagChange, tagChangeErrors, tooManyTags } from '../../domain/images/image-tags.ts';
import type { Archive, ArchiveChange } from '../../state/archive.ts';

/** An image as an input names it. */
export interface NamedImage {
  readonly id: string;
  /** The input field that holds the id. */
  readonly field: string;
}

/** What became of one image of a list. */
export type ImageOutcome =
  | { readonly image: Image; readonly error: null }
  | { readonly image: null; readonly error: DomainError };

/** By the ids of the images. */
export type ImageOutcomes = ReadonlyMap<string, ImageOutcome>;

export interface ImageUpdate extends TagChange {
  /** Null leaves it as it is. */
  readonly favorite: boolean | null;
}

/** Each image that cannot be changed has an error of its own: {NotFoundError} no such image · and as each command says. */
export interface ImageCommands {
  /**
   * @throws {InvalidInputError} a tag is invalid, or there are too many; nothing is changed. Errors of one image: {InTrashError} ·
   * {InvalidInputError} it would have too many tags
   */
  update(principal: string, images: readonly NamedImage[], update: ImageUpdate): Promise<ImageOutcomes>;
  /** Moves images into the trash. Does nothing to those that are there. */
  delete(principal: string, images: readonly NamedImage[]): Promise<ImageOutcomes>;
  /**
   * Takes images out of the trash. Does nothing to those that are not there. Errors of one image: {InTrashError} its
   * conversation is in the trash, too, and has to be restored
   */
  restore(principal: string, images: readonly NamedImage[]): Promise<ImageOutcomes>;
}

/** The change of one image; an image that is returned as it was has not changed. */
type Work = (change: ImageWork, image: Image) => Promise<Image>;

interface ImageWork extends ArchiveChange {
  /** The input field that names the image. */
  readonly field: string;
  /** The conversation of the image; null for none. */
  readonly conversation: Conversation | null;
}

export function createImageCommands(archive: Archive): ImageCommands {
  return {
    async update(principal, images, update) {
      refuseIfAny(tagChangeErrors(update));
      return changeAll(archive, principal, images, 'ImageUpdated', (change, image) => updateOne(change, image, update));
    },
    delete: (principal, images) => changeAll(archive, principal, images, 'ImageDeleted', deleteOne),
    restore: (principal, images) => changeAll(archive, principal, images, 'ImageRestored', restoreOne),
  };
}

function changeAll(
  archive: Archive,
  principal: string,
  named: readonly NamedImage[],
  type: ImageEvent,
  work: Work,
): Promise<ImageOutcomes> {
  return archive.change(principal, async (change) => {
    const found = await lockAll(
      change.transaction,
      principal,
      named.map(({ id }) => id),
    );
    const outcomes = new Map<string, ImageOutcome>();
    for (const { id, field } of named) {
      // An image that is named twice is changed once.
      if (outcomes.has(id)) continue;
      outcomes.set(
        id,
        await outcomeOf(async () => {
          const image = found.images.get(id);
          if (image === undefined) throw new NotFoundError(field, 'image');
          const conversation = found.conversations.get(image.conversationId ?? '') ?? null;
          // It is being deleted for good, and the image with it.
          if (image.conversationId !== null && conversation === null) throw new NotFoundError(field, 'image');
          const changed = await work({ ...change, field, conversation }, image);
          if (changed !== image) await change.append(image.conversationId, { type, imageId: id });
          return changed;
        }),
      );
    }
    return outcomes;
  });
}

/** Conversations first: what deletes a conversation locks it before its images. */
async function lockAll(transaction: DatabaseTransaction, principal: string, ids: readonly string[]) {
  const known = await findImages(transaction, principal, ids);
  const conversationIds = known.flatMap(({ conversationId }) => conversationId ?? []);
  const conversations = await lockConversations(transaction, principal, [...new Set(conversationIds)]);
  const images = await lockImages(
    transaction,
    principal,
    known.map(({ id }) => id),
  );
  return { conversations: byId(conversations), images: byId(images) };
}

async function outcomeOf(work: () => Promise<Image>): Promise<ImageOutcome> {
  try {
    return { image: await work(), error: null };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { image: null, error };
  }
}

async function updateOne(change: ImageWork, image: Image, { favorite, ...tagChange }: ImageUpdate): Promise<Image> {
  const { transaction, field } = change;
  const { id, principal } = image;
  refuseTrashed(change, image);
  const before = (await findTagsOfImages(transaction, principal, [id])).get(id) ?? [];
  const tags = changedTags(before, tagChange);
  if (tags.length > MAX_TAGS) throw new InvalidInputError([{ field, message: tooManyTags(tags.length) }]);
  const hasNewTags = tags.join('\n') !== before.join('\n');
  if (hasNewTags) await replaceTags(transaction, principal, id, tags);
  const isFavorite = favorite ?? image.favorite;
  if (isFavorite !== image.favorite) await setFavorite(transaction, principal, id, isFavorite);
  return hasNewTags || isFavorite !== image.favorite ? { ...image, favorite: isFavorite } : image;
}

async function deleteOne({ transaction, at }: ImageWork, image: Image): Promise<Image> {
  if (image.deletedAt !== null) return image;
  await setImagesDeleted(transaction, image.principal, [image.id], at);
  return { ...image, deletedAt: at };
}

async function restoreOne(change: ImageWork, image: Image): Promise<Image> {
  if (image.deletedAt === null) return image;
  if (change.conversation?.deletedAt != null) refuseTrashed(change, image);
  await setImagesDeleted(change.transaction, image.principal, [image.id], null);
  return { ...image, deletedAt: null };
}

function refuseTrashed({ field, conversation }: ImageWork, { id, deletedAt }: Image): void {
  if (conversation?.deletedAt != null) throw new InTrashError(field, { type: 'Conversation', id: conversation.id });
  if (deletedAt !== null) throw new InTrashError(field, { type: 'Image', id });
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
