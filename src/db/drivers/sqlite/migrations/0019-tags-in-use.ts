/** How many images outside the trash have each tag: counted in `list_counts`, like the lists, while rows change. */
import { type Kysely, sql } from 'kysely';

const isLive = (row: string) => `exists (select 1 from images where id = ${row}.image_id and deleted_at is null)`;

function add(row: string, from: string): string {
  return `insert into list_counts (principal, list, count)
    select ${row}.principal, 'tag:' || ${row}.tag, 1 ${from}
    on conflict (principal, list) do update set count = list_counts.count + 1;`;
}

function remove(principal: string, lists: string): string {
  const where = `principal = ${principal} and list in (${lists})`;
  return `update list_counts set count = count - 1 where ${where};
    delete from list_counts where ${where} and count = 0;`;
}

const ADDED = add('new', `where ${isLive('new')}`);
const REMOVED = remove('old.principal', `select 'tag:' || old.tag where ${isLive('old')}`);
const TAGS_OF_IMAGE = 'from image_tags where image_tags.image_id = new.id';

const STATEMENTS = [
  `insert into list_counts (principal, list, count)
   select image_tags.principal, 'tag:' || tag, count(*) from image_tags join images on images.id = image_tags.image_id
   where images.deleted_at is null group by 1, 2`,
  `create trigger tags_counted after insert on image_tags begin ${ADDED} end`,
  `create trigger tags_recounted after update on image_tags begin ${REMOVED} ${ADDED} end`,
  `create trigger tags_discounted after delete on image_tags begin ${REMOVED} end`,
  `create trigger tags_deleted after update of deleted_at on images
   when old.deleted_at is null and new.deleted_at is not null
   begin ${remove('new.principal', `select 'tag:' || tag ${TAGS_OF_IMAGE}`)} end`,
  `create trigger tags_restored after update of deleted_at on images
   when old.deleted_at is not null and new.deleted_at is null
   begin ${add('image_tags', `${TAGS_OF_IMAGE}`)} end`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
