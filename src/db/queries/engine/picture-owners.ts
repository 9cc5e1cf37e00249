/** Whose an image is, for signed URLs: they name the image alone, and are signed for its owner. */
import type { Database } from '../../database.ts';
import { runPrepared } from '../../prepared-query.ts';

/** The principal that owns the image or partial image. */
export async function ownerOfPicture(db: Database, id: string): Promise<string | null> {
  const [row] = await runPrepared(db, 'the owner of a picture', { id }, (values) => {
    const images = db.selectFrom('images').select('principal').where('id', '=', values.id);
    return images.unionAll(db.selectFrom('partial_images').select('principal').where('id', '=', values.id));
  });
  return row?.principal ?? null;
}
