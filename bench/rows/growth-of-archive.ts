/** Pages, lists, search, counts and single nodes, with few and with very many images. */
import { encodeGlobalId } from '../../schema/relay/global-id.ts';
import { ListCursors } from '../../schema/relay/list-cursor.ts';
import {
  callId,
  conversationId,
  IMAGES_OF_A_CONVERSATION,
  imageId,
  PRINCIPAL,
  TAG,
  timeOf,
} from '../harness/archive.ts';
import type { Darkroom } from '../harness/darkroom.ts';
import { type Bench, type Line, oursAtMost } from '../harness/row.ts';
import type { Question } from '../processes/stopwatch.ts';
import { compare, type Stopwatch } from './growth-cases.ts';

export interface Archive {
  readonly images: number;
  readonly server: Darkroom;
}

interface ArchiveCase extends Omit<Question, 'variables'> {
  readonly label: string;
  /** The variables of the request for the n-th image. */
  readonly variables: (number: number) => Question['variables'];
}

const BAR = 1.5;
const PAGE = 50;
const FIELDS = 'edges { node { id url width height } }';
const OF_A_PAGE = { '"url":"http': PAGE };

const LISTS: readonly ArchiveCase[] = [
  {
    label: 'the newest page',
    query: `{ images(first: ${PAGE}) { ${FIELDS} } }`,
    expected: OF_A_PAGE,
    variables: () => ({}),
  },
  {
    label: 'a page in the middle',
    query: `query ($after: String) { images(first: ${PAGE}, after: $after) { ${FIELDS} } }`,
    expected: OF_A_PAGE,
    variables: (number) => ({ after: cursorOf('images', imageId(number)) }),
  },
  {
    label: 'the images of a conversation',
    query: `query ($of: ID!) { images(first: ${PAGE}, filter: { conversationId: $of }) { ${FIELDS} } }`,
    expected: { '"url":"http': IMAGES_OF_A_CONVERSATION },
    variables: (number) => ({
      of: encodeGlobalId('Conversation', conversationId(Math.floor(number / IMAGES_OF_A_CONVERSATION))),
    }),
  },
  {
    label: 'a node',
    query: 'query ($id: ID!) { node(id: $id) { id ... on Image { url width height } } }',
    expected: { '"url":"http': 1 },
    variables: (number) => ({ id: encodeGlobalId('Image', imageId(number)) }),
  },
  {
    label: 'a page of calls with their images',
    query: `query ($after: String) {
      generationCalls(first: ${PAGE}, after: $after) { edges { node { id status images { id url } } } }
    }`,
    expected: OF_A_PAGE,
    variables: (number) => ({ after: cursorOf('generationCalls', callId(number)) }),
  },
  {
    label: 'running calls (none)',
    query: `{ generationCalls(first: ${PAGE}, filter: { statuses: [QUEUED, IN_PROGRESS] }) { edges { node { id } } } }`,
    expected: { '"edges":[]': 1 },
    variables: () => ({}),
  },
  {
    label: 'the refinements of an image (none)',
    query: `query ($id: ID!) { image(id: $id) { refinements(first: ${PAGE}) { edges { node { id } } } } }`,
    expected: { '"edges":[]': 1 },
    variables: (number) => ({ id: encodeGlobalId('Image', imageId(number)) }),
  },
];

/** A page of images with a filter, the newest first. */
function filtered(label: string, filter: string, count = PAGE): ArchiveCase {
  return {
    label,
    query: `{ images(first: ${PAGE}, filter: { ${filter} }) { ${FIELDS} } }`,
    expected: { '"url":"http': count },
    variables: () => ({}),
  };
}

const FILTERS: readonly ArchiveCase[] = [
  filtered('images of an origin', 'origin: GENERATED'),
  filtered('favourites', 'favorite: true'),
  filtered('images with a tag', `tags: ["${TAG}"]`),
  filtered('images of a format', 'formats: [WEBP]'),
  filtered('images of a model', 'models: ["gpt-image-2"]'),
  filtered('favourites of a format with a tag', `favorite: true, formats: [WEBP], tags: ["${TAG}"]`),
  filtered('images of a format and an origin (none)', 'origin: UPLOADED, formats: [WEBP]', 0),
  {
    label: 'images of a time',
    query: `query ($at: DateTime) { images(first: ${PAGE}, filter: { createdBefore: $at }) { ${FIELDS} } }`,
    expected: OF_A_PAGE,
    variables: (number) => ({ at: timeOf(number) }),
  },
];

/** Words of all prompts. */
const COMMON = 'search: "river owl"';

const SEARCHES: readonly ArchiveCase[] = [
  filtered('a search that finds everything', COMMON),
  {
    label: 'a search that finds one image',
    query: `query ($words: String) { images(first: ${PAGE}, filter: { search: $words }) { ${FIELDS} } }`,
    expected: { '"url":"http': 1 },
    variables: (number) => ({ words: `${number} owl` }),
  },
  filtered('a search that finds nothing', 'search: "river zebra"', 0),
  {
    label: 'a search that finds everything, a page in the middle',
    query: `query ($at: DateTime) { images(first: ${PAGE}, filter: { ${COMMON}, createdBefore: $at }) { ${FIELDS} } }`,
    expected: OF_A_PAGE,
    variables: (number) => ({ at: timeOf(number) }),
  },
  {
    label: 'a search by relevance that finds everything',
    query: `{ images(first: ${PAGE}, filter: { ${COMMON} }, orderBy: { field: RELEVANCE }) { ${FIELDS} } }`,
    expected: OF_A_PAGE,
    variables: () => ({}),
  },
  {
    label: 'a search of conversations that finds everything',
    query: `{ conversations(first: ${PAGE}, filter: { ${COMMON} }) { nodes { id title } } }`,
    expected: { '"title":"A river': PAGE },
    variables: () => ({}),
  },
];

function counted(label: string, list: string, expected: string): ArchiveCase {
  return {
    label: `totalCount of ${label}`,
    query: `{ ${list} { totalCount } }`,
    expected: { [expected]: 1 },
    variables: () => ({}),
  };
}

const COUNTS: readonly ArchiveCase[] = [
  counted('everything', 'images', '"totalCount":'),
  counted('an origin', 'images(filter: { origin: UPLOADED })', '"totalCount":0'),
  {
    label: 'totalCount of a search that finds one image',
    query: 'query ($words: String) { images(filter: { search: $words }) { totalCount } }',
    expected: { '"totalCount":1}': 1 },
    variables: (number) => ({ words: `${number} owl` }),
  },
  {
    label: 'conversations with both their counts',
    query: `{ conversations(first: ${PAGE}) { nodes { title images { totalCount } calls { totalCount } } } }`,
    expected: { [`"totalCount":${IMAGES_OF_A_CONVERSATION}}`]: 2 * PAGE },
    variables: () => ({}),
  },
];

const CASES = [...LISTS, ...FILTERS, ...SEARCHES, ...COUNTS];

/** The time of everything at 10^6 images, in milliseconds. */
const MAX_COUNT_MS = 20;

export async function measureArchives(
  bench: Bench,
  stopwatch: Stopwatch,
  archives: { readonly large: Archive; readonly small: Archive },
): Promise<readonly Line[]> {
  const laps = bench.scaled(300, 40);
  const lines: Line[] = [];
  for (const { label, query, expected, variables } of CASES) {
    const ask =
      ({ server: { url, pid }, images }: Archive) =>
      (turn: number) =>
        stopwatch.call('ask', { url, pid }, { query, expected, variables: variables(pictureOf(turn, images)) });
    const both = { large: ask(archives.large), small: ask(archives.small) };
    lines.push(...(await compare(bench, { label, bar: BAR, laps, ...both })));
  }
  const [everything] = lines.filter(({ label }) => label.startsWith('totalCount of everything'));
  if (everything === undefined) throw new Error('everything was not counted');
  return [...lines, { ...everything, label: 'totalCount of everything', peer: null, bar: oursAtMost(MAX_COUNT_MS) }];
}

/**
 * Numbers of images spread over the middle half, in an order unfavourable to caches. Each is followed by a full page.
 */
function pictureOf(turn: number, images: number): number {
  // Multiples of the golden ratio are evenly spread and never repeat.
  const place = (turn * 0.618_033_988_75) % 1;
  return Math.floor(images * (0.25 + place * 0.5));
}

/** A cursor as the server's lists encode it; others are rejected. */
function cursorOf(field: string, id: string): string {
  return new ListCursors({ principal: PRINCIPAL, key: [field, {}], direction: 'DESC' }).encode(id);
}
