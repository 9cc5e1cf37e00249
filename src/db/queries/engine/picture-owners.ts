/** Whose an image or a conversation is, for signed URLs: they name it alone, and are signed for its owner. */
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

/** The principal that owns the conversation. */
export async function ownerOfConversation(db: Database, id: string): Promise<string | null> {
  const row = await db.selectFrom('conversations').select('principal').where('id', '=', id).executeTakeFirst();
  return row?.principal ?? null;
}
