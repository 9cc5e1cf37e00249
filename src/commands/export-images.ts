/** Gathers what an export says of images: what each was asked for, what it was made from, and what it cost. */
import type { Reader } from '../db/reader.ts';
import type { Cost } from '../domain/cost/cost.ts';
import type { ImageSettings } from '../domain/generation/options.ts';
import type { Image } from '../domain/images/image.ts';

/** Images in one export. */
export const MAX_EXPORTED_IMAGES = 5_000;
/** Ancestors that are named of one image: the nearest. */
export const MAX_EXPORTED_LINEAGE = 100;
/** Images read at a time: a few milliseconds. */
const PAGE_SIZE = 200;

/** What a file beside an exported image says. Ids are those of the API. */
export interface ImageDetails {
  readonly id: string;
  readonly origin: Image['origin'];
  readonly purpose: Image['purpose'];
  readonly format: Image['format'];
  readonly width: number;
  readonly height: number;
  readonly byteSize: number;
  readonly sha256: string;
  readonly createdAt: string;
  readonly favorite: boolean;
  readonly tags: readonly string[];
  readonly prompt: string | null;
  readonly revisedPrompt: string | null;
  readonly requested: Partial<ImageSettings> | null;
  readonly actual: Partial<ImageSettings> | null;
  readonly conversationId: string | null;
  readonly callId: string | null;
  /** The images that the call worked from, without those that were deleted for good. */
  readonly sourceIds: readonly string[];
  /** The ids of the deleted ones. */
  readonly deletedSourceIds: readonly string[];
  /** From the oldest ancestor to the parent, following the first source of each image. */
  readonly lineageIds: readonly string[];
  /** The cost of the whole call, which may have made other images, too. Missing without the scope for costs. */
  readonly costOfCall?: Pick<Cost, 'amount' | 'currency' | 'basis' | 'complete'> | null;
}

export interface DetailsOptions {
  readonly reader: Pick<
    Reader,
    'images' | 'sourcesOfCall' | 'deletedSourcesOfCall' | 'ancestors' | 'costOfCall' | 'tagsOfImage'
  >;
  readonly withCosts: boolean;
  readonly idOf: (type: 'Image' | 'Conversation' | 'GenerationCall', id: string) => string;
}

/** The images of a conversation, oldest first; one more than `MAX_EXPORTED_IMAGES` when there are more. */
export async function imagesOfConversation(
  reader: DetailsOptions['reader'],
  conversationId: string,
): Promise<readonly Image[]> {
  const images: Image[] = [];
  for (;;) {
    const after = images.at(-1)?.id;
    const page = await reader.images(
      { conversationId },
      { limit: PAGE_SIZE, inverted: false, direction: 'ASC', ...(after !== undefined && { after }) },
    );
    images.push(...page);
    if (page.length < PAGE_SIZE || images.length > MAX_EXPORTED_IMAGES) return images;
  }
}

/** The details of these images, in their order. */
export async function detailsOf(images: readonly Image[], options: DetailsOptions): Promise<readonly ImageDetails[]> {
  const parents = await readParents(images, options.reader);
  const details: ImageDetails[] = [];
  for (let start = 0; start < images.length; start += PAGE_SIZE) {
    const page = images.slice(start, start + PAGE_SIZE);
    details.push(
      ...(await Promise.all(page.map((image) => detailsOfImage(image, lineageOf(image, parents), options)))),
    );
  }
  return details;
}

async function detailsOfImage(
  image: Image,
  lineage: readonly string[],
  { reader, withCosts, idOf }: DetailsOptions,
): Promise<ImageDetails> {
  const { callId, conversationId } = image;
  const sources = callId === null ? [] : await reader.sourcesOfCall(callId);
  const deleted = callId === null ? [] : await reader.deletedSourcesOfCall(callId);
  const cost = withCosts && callId !== null ? await reader.costOfCall(callId) : null;
  const idsOf = (ids: readonly string[]) => ids.map((id) => idOf('Image', id));
  return {
    id: idOf('Image', image.id),
    origin: image.origin,
    purpose: image.purpose,
    format: image.format,
    width: image.width,
    height: image.height,
    byteSize: image.byteSize,
    sha256: image.sha256,
    createdAt: image.createdAt,
    favorite: image.favorite,
    tags: await reader.tagsOfImage(image.id),
    prompt: image.prompt,
    revisedPrompt: image.revisedPrompt,
    requested: knownSettings(image.requested),
    actual: knownSettings(image.actual),
    conversationId: conversationId === null ? null : idOf('Conversation', conversationId),
    callId: callId === null ? null : idOf('GenerationCall', callId),
    sourceIds: idsOf(sources.map(({ id }) => id)),
    deletedSourceIds: idsOf(deleted),
    lineageIds: idsOf(lineage),
    ...(withCosts && { costOfCall: cost === null ? null : withoutLines(cost) }),
  };
}

/** Without the options that nobody chose. */
function knownSettings(settings: ImageSettings | null): Partial<ImageSettings> | null {
  if (settings === null) return null;
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
}

function withoutLines({ amount, currency, basis, complete }: Cost) {
  return { amount, currency, basis, complete };
}

type Parent = Pick<Image, 'id' | 'callId'> | null;

const NEAREST = { limit: 1, inverted: false, direction: 'DESC' } as const;

/** The parents of the images by their ids, the parents of those, and so on: each image is read once. */
async function readParents(
  images: readonly Image[],
  reader: DetailsOptions['reader'],
): Promise<ReadonlyMap<Image['id'], Parent>> {
  const parents = new Map<string, Parent>();
  let children: readonly Pick<Image, 'id' | 'callId'>[] = images;
  for (let generation = 0; children.length > 0 && generation <= MAX_EXPORTED_LINEAGE; generation += 1) {
    const next = new Map<string, Pick<Image, 'id' | 'callId'>>();
    for (let start = 0; start < children.length; start += PAGE_SIZE) {
      const page = children.slice(start, start + PAGE_SIZE);
      const found = await Promise.all(
        page.map(({ id, callId }) => (callId === null ? [] : reader.ancestors(id, NEAREST))),
      );
      for (const [index, { id }] of page.entries()) {
        const [parent] = found[index] ?? [];
        // Without the rest of it: there can be thousands.
        const kept = parent === undefined ? null : { id: parent.id, callId: parent.callId };
        parents.set(id, kept);
        if (kept !== null) next.set(kept.id, kept);
      }
    }
    children = [...next.values()].filter(({ id }) => !parents.has(id));
  }
  return parents;
}

function lineageOf({ id }: Image, parents: ReadonlyMap<string, Parent>): readonly string[] {
  const line: string[] = [];
  for (let next = parents.get(id); next != null && line.length < MAX_EXPORTED_LINEAGE; next = parents.get(next.id)) {
    line.push(next.id);
  }
  return line.reverse();
}
