/** Pages, a filtered list and single nodes, with few and with very many images. */
import { encodeGlobalId } from '../../schema/global-id.ts';
import { callId, conversationId, IMAGES_OF_A_CONVERSATION, imageId } from '../harness/archive.ts';
import type { Darkroom } from '../harness/darkroom.ts';
import type { Bench, Line } from '../harness/row.ts';
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

const CASES: readonly ArchiveCase[] = [
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
    variables: (number) => ({ after: cursorOf(imageId(number)) }),
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
    variables: (number) => ({ after: cursorOf(callId(number)) }),
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
  return lines;
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
function cursorOf(id: string): string {
  return Buffer.from(id).toString('base64url');
}
