/** The stored file of an image or a partial image. */

import type { Restriction } from '../../../domain/access/restriction.ts';
import type { ImageFormat } from '../../../domain/generation/options.ts';
import type { Picture } from '../../../domain/images/image.ts';
import type { Database } from '../../database.ts';
import { runPrepared } from '../../prepared-query.ts';

const PICTURE = ['sha256', 'byte_size as byteSize', 'width', 'height', 'format'] as const;

/** A stored file, and whether it is the one of a partial image. */
export interface FoundPicture extends Picture {
  readonly isPartial: boolean;
}

export async function findPicture(db: Database, principal: string, id: string): Promise<FoundPicture | null> {
  const [row] = await runPrepared(db, 'a picture', { principal, id }, (values) => {
    const images = db
      .selectFrom('images')
      .select(PICTURE)
      .select(({ lit }) => lit<number>(0).as('isPartial'));
    const partials = db
      .selectFrom('partial_images')
      .select(PICTURE)
      .select(({ lit }) => lit<number>(1).as('isPartial'));
    return images
      .where('id', '=', values.id)
      .where('principal', '=', values.principal)
      .unionAll(partials.where('id', '=', values.id).where('principal', '=', values.principal));
  });
  // Only written from the union of the domain.
  return row === undefined ? null : { ...row, format: row.format as ImageFormat, isPartial: row.isPartial === 1 };
}

/** Whether the image or partial image is of this conversation, or of this call. */
export async function isPictureWithin(
  db: Database,
  principal: string,
  id: string,
  { type, id: within }: Restriction,
): Promise<boolean> {
  const rows = await runPrepared(db, `a picture within a ${type}`, { principal, id, within }, (values) => {
    const isConversation = type === 'Conversation';
    const images = db
      .selectFrom('images')
      .select('id')
      .where('id', '=', values.id)
      .where('principal', '=', values.principal)
      .where(isConversation ? 'conversation_id' : 'call_id', '=', values.within);
    const partials = db
      .selectFrom('partial_images')
      .innerJoin('calls', (join) =>
        join.onRef('calls.id', '=', 'partial_images.call_id').onRef('calls.principal', '=', 'partial_images.principal'),
      )
      .select('partial_images.id')
      .where('partial_images.id', '=', values.id)
      .where('partial_images.principal', '=', values.principal)
      .where('calls.principal', '=', values.principal)
      .where(isConversation ? 'calls.conversation_id' : 'calls.id', '=', values.within);
    return images.unionAll(partials);
  });
  return rows.length > 0;
}
