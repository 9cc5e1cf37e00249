/** A server with two principals. Anna has something of everything; Bert has a little of his own, and tries hers. */
import { randomUUID } from 'node:crypto';
import {
  type Authenticate,
  type Principal,
  UnauthenticatedError,
  unlimitedPrincipal,
} from '../../src/auth/authenticate.ts';
import { SCOPES } from '../../src/domain/access/scope.ts';
import { eventually, rawId } from '../api/steps.ts';
import { type Credentials, dataOf, type Operation, type Outcome, WAYS_IN } from '../conformance/ways-in.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

export const ANNA = credentialsOf('anna');
export const BERT = credentialsOf('bert');

/** In each prompt and title of Anna's. */
export const SECRET = 'a kingfisher over a millpond';

function credentialsOf(user: string): Credentials {
  return { headers: { 'x-user': user }, connectionParams: { user } };
}

/** Believes what the client says. Only Anna may administer: an administrator sees the calls of others by design. */
const authenticate: Authenticate = async ({ headers, connectionParams }): Promise<Principal> => {
  const id = connectionParams?.['user'] ?? headers['x-user'];
  if (typeof id !== 'string') throw new UnauthenticatedError('Say who you are.');
  if (id === 'anna') return unlimitedPrincipal(id);
  return { ...unlimitedPrincipal(id), scopes: new Set(SCOPES.filter((scope) => scope !== 'ADMIN')) };
};

/** Everything that can be named in a request. */
export interface Names {
  readonly image: string;
  /** An image that was made from `image`. */
  readonly refinement: string;
  readonly upload: string;
  readonly call: string;
  /** Failed, so that it can be retried. */
  readonly failedCall: string;
  readonly conversation: string;
  /** Of the events of `call`. */
  readonly eventCursor: string;
  /** Of `conversation` as a whole. */
  readonly conversationCursor: string;
  /** By the list that each was read from. */
  readonly cursors: Readonly<Record<ListName, string>>;
  /** The idempotency key of `call`. */
  readonly key: string;
}

export type ListName =
  | 'images'
  | 'calls'
  | 'conversations'
  | 'imagesOfConversation'
  | 'callsOfConversation'
  | 'itemsOfConversation'
  | 'refinements'
  | 'ancestors';

export interface World extends AsyncDisposable {
  readonly app: TestApp;
  readonly annas: Names;
  readonly berts: Names;
  /** Paths of Anna's image and partial image, without their signatures. */
  readonly paths: readonly string[];
  /** Ids, hashes and texts that only Anna may see. */
  readonly secrets: readonly string[];
}

export async function openWorld(): Promise<World> {
  const app = await startTestApp(
    { authenticate },
    {
      SIMULATOR_DURATION_MS: '200',
      SIMULATOR_ART: 'plain',
      // Some documents select all that the API has.
      MAX_QUERY_COST: '1000000',
    },
  );
  try {
    const annas = await furnish(app.url, ANNA, SECRET);
    const berts = await furnish(app.url, BERT, 'a red kite');
    const details = await post<Details>(app.url, ANNA, {
      query: `query ($call: ID!, $image: ID!) { image(id: $image) { sha256 url }
        generationCall(id: $call) { partialImages { url } } }`,
      variables: { call: annas.call, image: annas.image },
    });
    const urls = [details.image.url, ...details.generationCall.partialImages.map(({ url }) => url)];
    const paths = urls.map((url) => new URL(url).pathname);
    const { image, refinement, upload, call, failedCall, conversation } = annas;
    const ids = [image, refinement, upload, call, failedCall, conversation];
    const secrets = [SECRET, details.image.sha256, ...ids, ...ids.map(rawId), ...paths];
    return { app, annas, berts, paths, secrets, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
  } catch (error) {
    await app[Symbol.asyncDispose]();
    throw error;
  }
}

interface Details {
  readonly image: { readonly sha256: string; readonly url: string };
  readonly generationCall: { readonly partialImages: readonly { readonly url: string }[] };
}

/** Names that nobody has: of the same form, with other ids. */
export function unknownNames(names: Names): Names {
  const changed = (text: string): string => {
    const decoded = Buffer.from(text, 'base64url').toString();
    if (!ID.test(decoded)) return randomUUID();
    // A cursor of a list is one of another list then.
    const other = decoded
      .replace(/^2~[\w-]{12}/u, '2~another-list')
      .replaceAll(IDS, () => `01980000-0000-7000-8000-${randomUUID().slice(-12)}`);
    return Buffer.from(other).toString('base64url');
  };
  const cursors = Object.fromEntries(Object.entries(names.cursors).map(([list, cursor]) => [list, changed(cursor)]));
  const rest = Object.entries(names).filter(([name]) => name !== 'cursors');
  // The same properties, each changed.
  return { ...Object.fromEntries(rest.map(([name, text]) => [name, changed(text)])), cursors } as unknown as Names;
}

const ID_FORM = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const ID = new RegExp(ID_FORM, 'u');
const IDS = new RegExp(ID_FORM, 'gu');

/** Runs an operation that must succeed. */
export async function post<Data>(url: string, who: Credentials, operation: Operation): Promise<Data> {
  return dataOf<Data>(await send('large POST', url, operation, who));
}

export function send(way: string, url: string, operation: Operation, who: Credentials): Promise<Outcome> {
  const found = WAYS_IN.find(({ name }) => name === way);
  if (found === undefined) throw new Error(`there is no way in that is called ${way}`);
  return found.send(url, operation, who);
}

const START = `mutation ($input: GenerateImageInput!) { generateImage(input: $input) {
  ... on GenerateImageSuccess { call { id conversation { id } } } ... on Error { message } } }`;

async function furnish(url: string, who: Credentials, subject: string): Promise<Names> {
  const start = async (input: object) => {
    const { generateImage } = await post<Started>(url, who, { query: START, variables: { input } });
    return generateImage.call;
  };
  const key = 'the key that both use';
  const { id: call, conversation } = await start({
    prompt: subject,
    options: { partialImages: 1 },
    idempotencyKey: key,
  });
  const { id: failedCall } = await start({ prompt: `${subject} [sim:fail=400]` });
  const uploaded = await uploadOf(url, who, key);
  const read = () => readNames(url, who, { call, failedCall, conversation: conversation.id, upload: uploaded });
  const { image } = await eventually('the ends of the first calls', read);
  // A refinement, so that the list of refinements has a cursor.
  const refine = `mutation ($id: ID!) { refineImage(input: { imageId: $id, prompt: ${JSON.stringify(subject)} }) {
    ... on RefineImageSuccess { call { id } } } }`;
  await post(url, who, { query: refine, variables: { id: image } });
  return eventually('a refinement', async () => {
    const names = await read();
    return names === undefined || names.refinement === '' ? undefined : { ...names, key };
  });
}

interface Started {
  readonly generateImage: { readonly call: { readonly id: string; readonly conversation: { readonly id: string } } };
}

async function uploadOf(url: string, who: Credentials, key: string): Promise<string> {
  const query = `mutation ($file: Upload!) { uploadImage(input: { file: $file, idempotencyKey: ${JSON.stringify(key)} }) {
    ... on UploadImageSuccess { image { id } } } }`;
  const { uploadImage } = dataOf<{ uploadImage: { image: { id: string } } }>(
    await send('multipart', url, { query }, who),
  );
  return uploadImage.image.id;
}

const PAGE = 'pageInfo { endCursor }';

interface Page {
  readonly pageInfo: { readonly endCursor: string | null };
}

interface Refinements extends Page {
  readonly edges: readonly { readonly node: { readonly id: string; readonly ancestors: Page } }[];
}

interface Read {
  readonly generationCall: {
    readonly endedAt: string | null;
    readonly cursor: string;
    readonly images: readonly { readonly id: string; readonly refinements: Refinements }[];
  };
  readonly failed: { readonly status: string };
  readonly open: { readonly edges: readonly unknown[] };
  readonly images: Page;
  readonly generationCalls: Page;
  readonly conversations: Page;
  readonly conversation: { readonly cursor: string; readonly images: Page; readonly calls: Page; readonly items: Page };
}

/** Undefined until the calls have ended. */
async function readNames(
  url: string,
  who: Credentials,
  ids: Pick<Names, 'call' | 'failedCall' | 'conversation' | 'upload'>,
): Promise<Names | undefined> {
  const query = `query ($call: ID!, $failed: ID!, $conversation: ID!) {
    generationCall(id: $call) { endedAt cursor images { id
      refinements(first: 1) { ${PAGE} edges { node { id ancestors(first: 1) { ${PAGE} } } } } } }
    failed: generationCall(id: $failed) { status }
    open: generationCalls(first: 1, filter: { statuses: [QUEUED, IN_PROGRESS] }) { edges { node { id } } }
    images(first: 1) { ${PAGE} } generationCalls(first: 1) { ${PAGE} } conversations(first: 1) { ${PAGE} }
    conversation(id: $conversation) { cursor images(first: 1) { ${PAGE} } calls(first: 1) { ${PAGE} } items(first: 1) { ${PAGE} } } }`;
  const { call, failedCall: failed, conversation } = ids;
  const read = await post<Read>(url, who, { query, variables: { call, failed, conversation } });
  const [image] = read.generationCall.images;
  const refinement = image?.refinements.edges[0]?.node;
  if (image === undefined || read.failed.status !== 'FAILED' || read.open.edges.length > 0) return undefined;
  const endOf = (page: Page | undefined) => page?.pageInfo.endCursor ?? '';
  return {
    ...ids,
    image: image.id,
    refinement: refinement?.id ?? '',
    eventCursor: read.generationCall.cursor,
    conversationCursor: read.conversation.cursor,
    cursors: {
      images: endOf(read.images),
      calls: endOf(read.generationCalls),
      conversations: endOf(read.conversations),
      imagesOfConversation: endOf(read.conversation.images),
      callsOfConversation: endOf(read.conversation.calls),
      itemsOfConversation: endOf(read.conversation.items),
      refinements: endOf(image.refinements),
      ancestors: endOf(refinement?.ancestors),
    },
    key: '',
  };
}
