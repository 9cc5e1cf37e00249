/** How images are exported: what the reader of a client finds, as one file. */
import type { Logger } from 'pino';
import { encodeGlobalId, idOf } from '../../schema/relay/global-id.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import type { SigningKeys } from '../auth/signing-keys.ts';
import { detailsOf, imagesOfConversation, MAX_EXPORTED_IMAGES } from '../commands/export-images.ts';
import type { ReadGate } from '../db/batches.ts';
import { createReader } from '../db/database-reader.ts';
import { ownerOfConversation, ownerOfPicture } from '../db/queries/engine/picture-owners.ts';
import type { Reader } from '../db/reader.ts';
import { restrictReader } from '../db/restricted-reader.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { FORMAT_EXTENSIONS } from '../domain/generation/options.ts';
import type { Image } from '../domain/images/image.ts';
import { createExportHandler, type ExportContents, type ExportHandler } from '../http/export/export.ts';
import {
  createSignedExportUrls,
  type ExportIdentity,
  type ExportUrls,
  UNSIGNED_EXPORT_URLS,
} from '../http/export/export-urls.ts';
import { ExportInTrashError, type ExportSelection, ExportTooLargeError } from '../http/export/selection.ts';
import type { OriginCheck } from '../http/origins.ts';
import type { OpenStorage } from './storage.ts';

export interface ExportServingOptions {
  readonly storage: Pick<OpenStorage, 'db' | 'blobs' | 'settled'>;
  /** Null without authentication. */
  readonly signingKeys: SigningKeys | null;
  readonly authenticate: Authenticate;
  readonly isAllowedOrigin: OriginCheck;
  readonly logger: Logger;
}

/** The number of images limits an export. */
const OPEN_GATE: ReadGate = { read: (work) => work(), list: async (rows) => rows };
/** The memory that the texts of one export take while it is sent. */
const MAX_DETAILS_CHARACTERS = 32 * 1024 * 1024;

export interface ExportServing {
  readonly exports: ExportHandler;
  readonly exportUrlFor: ExportUrls['urlFor'];
}

export function createExportServing(options: ExportServingOptions): ExportServing {
  const { storage, signingKeys, authenticate, isAllowedOrigin, logger } = options;
  const { db, blobs, settled } = storage;
  const urls =
    signingKeys === null
      ? UNSIGNED_EXPORT_URLS
      : createSignedExportUrls({ keys: signingKeys.deriveKeys('export-url'), nowMs: Date.now });

  async function collect(
    { id, only, scopes }: ExportIdentity,
    selection: ExportSelection,
  ): Promise<ExportContents | null> {
    const everything = createReader(db, id, OPEN_GATE);
    const reader = only === null ? everything : restrictReader(everything, only);
    const found = await find(reader, selection);
    if (found === null) return null;
    refuseTooMany(found.images);
    const details = await detailsOf(found.images, { reader, withCosts: scopes.has('COST'), idOf: encodeGlobalId });
    // Nothing is sent that a power cut could take back (promise 4).
    await settled();
    const images = found.images.map((image, index) => ({
      sha256: image.sha256,
      byteSize: image.byteSize,
      extension: FORMAT_EXTENSIONS[image.format],
      createdAt: image.createdAt,
      prompt: image.prompt,
      details: { ...details[index] },
    }));
    return { title: found.title, changedAt: found.changedAt, images };
  }

  /** Several images of a selection have one owner, or it is refused. */
  async function ownerOf(selection: ExportSelection): Promise<string | null> {
    if (selection.type === 'Conversation') {
      const id = rawId('Conversation', selection.id);
      return id === null ? null : ownerOfConversation(db, id);
    }
    const id = rawId('Image', selection.ids[0] ?? '');
    return id === null ? null : ownerOfPicture(db, id);
  }

  const exports = createExportHandler({
    blobs,
    collect,
    authenticate,
    urls,
    ownerOf,
    isAllowedOrigin,
    report: (error) => logger.error({ err: error }, 'an export failed'),
  });
  return { exports, exportUrlFor: urls.urlFor };
}

async function find(
  reader: Reader,
  selection: ExportSelection,
): Promise<(Pick<ExportContents, 'title' | 'changedAt'> & { readonly images: readonly Image[] }) | null> {
  if (selection.type === 'Conversation') {
    const id = rawId('Conversation', selection.id);
    const conversation = id === null ? null : await reader.conversation(id);
    if (conversation === null) return null;
    if (conversation.deletedAt !== null) throw new ExportInTrashError();
    const { id: found, title, updatedAt: changedAt } = conversation;
    return { title, changedAt, images: await imagesOfConversation(reader, found) };
  }
  const images = await Promise.all(
    selection.ids.map(async (globalId) => {
      const id = rawId('Image', globalId);
      return id === null ? null : reader.image(id);
    }),
  );
  const known = images.filter((image) => image !== null);
  if (known.length < images.length) return null;
  const sorted = known.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { title: 'images', changedAt: sorted.at(-1)?.createdAt ?? '', images: sorted };
}

/** The id of the database; null for what cannot be an id of this type. */
function rawId(type: 'Conversation' | 'Image', globalId: string): string | null {
  try {
    return idOf(type, globalId, 'id');
  } catch (error) {
    if (error instanceof InvalidInputError) return null;
    throw error;
  }
}

/** @throws {ExportTooLargeError} */
function refuseTooMany(images: readonly Image[]): void {
  if (images.length > MAX_EXPORTED_IMAGES) {
    throw new ExportTooLargeError(
      `An export has at most ${MAX_EXPORTED_IMAGES} images, and the conversation has more. Export selections of it.`,
    );
  }
  const characters = images.reduce((sum, { prompt, revisedPrompt }) => {
    return sum + (prompt?.length ?? 0) + (revisedPrompt?.length ?? 0);
  }, 0);
  if (characters > MAX_DETAILS_CHARACTERS) {
    throw new ExportTooLargeError('The prompts of these images are together too long for one export.');
  }
}
