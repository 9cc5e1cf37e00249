/**
 * Full-text search, indexes for filters and orders, and the number of rows in each list. Triggers keep all of it in the
 * transaction that changes the rows (docs/decisions/2026-11-28-full-text-search.md).
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...INDEXES, ...counters(), ...search()]) await sql.raw(statement).execute(db);
}

/** Of what is in no trash, and of what is in it. Each contains all that a count reads. */
const INDEXES = [
  'create index images_of_origin on images (principal, origin, id) where deleted_at is null',
  'create index images_of_format on images (principal, format, id) where deleted_at is null',
  'create index images_of_model on images (principal, model, id) where deleted_at is null',
  'create index images_favorite on images (principal, id) where favorite = true and deleted_at is null',
  'create index images_deleted on images (principal, id) where deleted_at is not null',
  'create index calls_of_kind on calls (principal, kind, id) where deleted_at is null',
  'create index conversations_by_update on conversations (principal, updated_at, id) where deleted_at is null',
  'create index conversations_deleted on conversations (principal, id) where deleted_at is not null',
];

/** The lists whose rows are counted, as an expression on a row of the table. */
const LISTS = {
  images: { name: "'images ' || {row}.origin", columns: ['origin'] },
  calls: { name: "'calls ' || {row}.status", columns: ['status'] },
  conversations: { name: "'conversations'", columns: [] },
} as const;

function counters(): readonly string[] {
  const triggers = Object.entries(LISTS).flatMap(([table, { name: list, columns }]) => {
    const add = `insert into list_counts (principal, list, count)
       select new.principal, ${list.replace('{row}', 'new')}, 1 where new.deleted_at is null
       on conflict (principal, list) do update set count = list_counts.count + 1;`;
    const oldList = `principal = old.principal and list = ${list.replace('{row}', 'old')} and old.deleted_at is null`;
    const remove = `update list_counts set count = count - 1 where ${oldList};
       delete from list_counts where ${oldList} and count = 0;`;
    const watched = ['principal', 'deleted_at', ...columns];
    return [
      `insert into list_counts (principal, list, count)
       select principal, ${list.replace('{row}', table)}, count(*) from ${table} where deleted_at is null group by 1, 2`,
      `create trigger ${table}_counted after insert on ${table} begin ${add} end`,
      `create trigger ${table}_recounted after update of ${watched.join()} on ${table} begin ${remove} ${add} end`,
      `create trigger ${table}_discounted after delete on ${table} begin ${remove} end`,
    ];
  });
  return [
    'create table list_counts (principal text not null, list text not null, count integer not null, primary key (principal, list))',
    ...triggers,
  ];
}

/** A fact is one token: a sign that no word has, a letter for what it is, and the value in hexadecimal digits. */
const fact = (letter: string, value: string) => `'§${letter}' || hex(${value})`;
const TAGS = (of: string) =>
  `(select group_concat(${of}, ' ') from image_tags where image_tags.image_id = images.id and image_tags.principal = images.principal)`;

/** The text of a row, its facts, and the columns that they are made of. */
const SEARCHED = {
  images: {
    text: `concat_ws(' ', prompt, revised_prompt, ${TAGS('tag')})`,
    facts: `concat_ws(' ', ${fact('i', 'principal')}, '§c' || replace(conversation_id, '-', ''), ${fact('o', 'origin')},
      ${fact('f', 'format')}, ${fact('m', 'model')}, iif(favorite, '§v', null),
      iif(deleted_at is null, null, '§x'), ${TAGS(fact('t', 'tag'))})`,
    columns: 'principal, prompt, revised_prompt, conversation_id, origin, format, model, favorite, deleted_at',
  },
  calls: {
    text: `concat_ws(' ', prompt, revised_prompt)`,
    facts: `concat_ws(' ', ${fact('g', 'principal')}, '§c' || replace(conversation_id, '-', ''), ${fact('k', 'kind')},
      ${fact('z', "iif(status in ('COMPLETED', 'FAILED', 'CANCELLED'), status, 'OPEN')")},
      iif(deleted_at is null, null, '§x'))`,
    columns: 'principal, prompt, revised_prompt, conversation_id, kind, status, deleted_at',
  },
  conversations: {
    text: 'title',
    facts: `concat_ws(' ', ${fact('s', 'principal')}, iif(deleted_at is null, null, '§x'))`,
    columns: 'principal, title, deleted_at',
  },
} as const;

const TABLES = ['images', 'calls', 'conversations'] as const;

/**
 * The place of a row: the milliseconds since 2020 of its creation, and a number within the millisecond. So rows are in the
 * order of their creation, which FTS5 reads in both directions without sorting. The number is exact as a double until 2089.
 */
const FIRST_PLACE = `(cast(round(unixepoch({created_at}, 'subsec') * 1000) as integer) - 1577836800000) * 4096`;

function search(): readonly string[] {
  return [
    `create table search_documents (
       place integer primary key,
       source text not null,
       id text not null,
       principal text not null,
       facts text not null,
       words text not null
     )`,
    'create unique index search_document_of on search_documents (source, id)',
    ...TABLES.map(documentsOf),
    // The words are prepared by searchWords, so the simplest tokenizer takes them apart.
    `create virtual table search_index using fts5(
       facts, words, content = 'search_documents', content_rowid = 'place', tokenize = 'ascii', columnsize = 0, prefix = '1 2'
     )`,
    // What is removed is overwritten at once, instead of when parts of the index are merged.
    `insert into search_index (search_index, rank) values ('secure-delete', 1)`,
    `insert into search_index (search_index) values ('rebuild')`,
    ...vocabulary(),
    ...indexTriggers(),
    ...TABLES.flatMap(documentTriggers),
    ...['insert', 'update', 'delete'].map((change) => {
      const row = change === 'delete' ? 'old' : 'new';
      return `create trigger searchable_tags_${change} after ${change} on image_tags begin
        ${refresh('images', `images.id = ${row}.image_id`)} end`;
    }),
  ];
}

/** The words of all texts, each with the number of texts that have it: a prefix is looked up here first. */
function vocabulary(): readonly string[] {
  const wordsOf = (row: string) => `json_each('["' || replace(${row}.words, ' ', '","') || '"]')`;
  const add = `insert into search_vocabulary (word, texts)
    select distinct value, 1 from ${wordsOf('new')} where value <> ''
    on conflict (word) do update set texts = texts + 1;`;
  const of = `(select value from ${wordsOf('old')})`;
  const remove = `update search_vocabulary set texts = texts - 1 where word in ${of};
    delete from search_vocabulary where word in ${of} and texts = 0;`;
  return [
    'create table search_vocabulary (word text primary key, texts integer not null) without rowid',
    `insert into search_vocabulary (word, texts)
     select value, count(distinct place) from search_documents, ${wordsOf('search_documents')} where value <> '' group by 1`,
    `create trigger search_words_added after insert on search_documents begin ${add} end`,
    `create trigger search_words_removed after delete on search_documents begin ${remove} end`,
    `create trigger search_words_changed after update on search_documents when old.words <> new.words
     begin ${remove} ${add} end`,
  ];
}

function indexTriggers(): readonly string[] {
  const add = `insert into search_index (rowid, facts, words) values (new.place, new.facts, new.words);`;
  const remove = `insert into search_index (search_index, rowid, facts, words) values ('delete', old.place, old.facts, old.words);`;
  return [
    `create trigger search_documents_added after insert on search_documents begin ${add} end`,
    `create trigger search_documents_removed after delete on search_documents begin ${remove} end`,
    `create trigger search_documents_changed after update on search_documents
     when old.facts <> new.facts or old.words <> new.words begin ${remove} ${add} end`,
  ];
}

function refresh(table: keyof typeof SEARCHED, where: string): string {
  const { text, facts } = SEARCHED[table];
  return `update search_documents set (principal, facts, words) = (
      select principal, ${facts}, search_words(${text}) from ${table} where ${where}
    ) where source = '${table}' and id = (select id from ${table} where ${where});`;
}

/** The rows from before: those of one millisecond in the order of their ids. */
function documentsOf(table: keyof typeof SEARCHED): string {
  const { text, facts } = SEARCHED[table];
  return `insert into search_documents (place, source, id, principal, facts, words)
     select first_place + row_number() over (partition by first_place order by id) - 1
         + coalesce((select max(place) + 1 - first_place from search_documents where place >= first_place and place < first_place + 4096), 0),
       '${table}', id, principal, facts, words
     from (
       select ${FIRST_PLACE.replace('{created_at}', 'created_at')} as first_place, id, principal, ${facts} as facts,
         search_words(${text}) as words
       from ${table}
     )`;
}

function documentTriggers(table: keyof typeof SEARCHED): readonly string[] {
  const { text, facts, columns } = SEARCHED[table];
  const first = FIRST_PLACE.replace('{created_at}', 'new.created_at');
  const last = `(select max(place) from search_documents where place >= ${first} and place < ${first} + 4096)`;
  return [
    `create trigger ${table}_searchable after insert on ${table} begin
       insert into search_documents (place, source, id, principal, facts, words)
       select
         -- A millisecond that is full: behind everything.
         iif(${last} = ${first} + 4095, (select max(place) + 1 from search_documents), coalesce(${last} + 1, ${first})),
         '${table}', id, principal, ${facts}, search_words(${text})
       from ${table} where id = new.id;
     end`,
    `create trigger ${table}_rewritten after update of ${columns} on ${table} begin
       ${refresh(table, `${table}.id = new.id`)}
     end`,
    `create trigger ${table}_unsearchable after delete on ${table} begin
       delete from search_documents where source = '${table}' and id = old.id;
     end`,
  ];
}
