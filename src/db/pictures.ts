/** The stored file behind a row id, whether of an image or of a partial image. */
import type { Picture } from '../domain/image.ts';
import type { Database } from './database.ts';
import { findImages } from './images.ts';
import { findPartialImage } from './partial-images.ts';

export async function findPicture(db: Database, principal: string, id: string): Promise<Picture | null> {
  const [image] = await findImages(db, principal, [id]);
  return image ?? (await findPartialImage(db, principal, id));
}
