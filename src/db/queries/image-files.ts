/** The stored file of an image or a partial image. */
import type { Picture } from '../../domain/image.ts';
import type { ImageFormat } from '../../domain/options.ts';
import type { Database } from '../database.ts';
import { runPrepared } from '../prepared-query.ts';

const PICTURE = ['sha256', 'byte_size as byteSize', 'width', 'height', 'format'] as const;

export async function findPicture(db: Database, principal: string, id: string): Promise<Picture | null> {
  const [row] = await runPrepared(db, 'a picture', { principal, id }, (values) => {
    const images = db.selectFrom('images').select(PICTURE);
    const partials = db.selectFrom('partial_images').select(PICTURE);
    return images
      .where('id', '=', values.id)
      .where('principal', '=', values.principal)
      .unionAll(partials.where('id', '=', values.id).where('principal', '=', values.principal));
  });
  // Only written from the union of the domain.
  return row === undefined ? null : { ...row, format: row.format as ImageFormat };
}
