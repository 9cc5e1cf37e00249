/** An archive to be looked at: pictures of several shapes, families, uploads, tags, the trash. Made as any client would. */
import sharp from 'sharp';

const START = `mutation ($input: GenerateImageInput!) {
  generateImage(input: $input) { ... on GenerateImageSuccess { call { id } } ... on Error { code message } }
}`;
const REFINE = `mutation ($input: RefineImageInput!) {
  refineImage(input: $input) { ... on RefineImageSuccess { call { id } } ... on Error { code message } }
}`;
const CALL = 'query ($id: ID!) { generationCall(id: $id) { status conversation { id } images { id url } } }';
const UPLOAD = `mutation ($file: Upload!, $conversationId: ID) {
  uploadImage(input: { file: $file, conversationId: $conversationId }) {
    ... on UploadImageSuccess { image { id } } ... on Error { code message }
  }
}`;
const UPDATE = `mutation ($input: UpdateImagesInput!) {
  updateImages(input: $input) { ... on UpdateImagesSuccess { results { imageId } } ... on Error { message } }
}`;
const DELETE = `mutation ($ids: [ID!]!) {
  deleteImages(input: { imageIds: $ids }) { ... on DeleteImagesSuccess { results { imageId } } ... on Error { message } }
}`;

const [WIDE, TALL, SQUARE] = ['1536x1024', '1024x1536', '1024x1024'];
/** Prompts and sizes, the oldest first. */
const OLDER = [
  ['three pears on a blue cloth, late afternoon light', WIDE],
  ['an owl on a snowy branch', TALL],
  ['a night train through the mountains', WIDE],
  ['a fox asleep under a full moon', SQUARE],
  ['満月の下の竹林', TALL],
  ['mountains above a lake, first frost', WIDE],
  ['a red balloon over the dunes', SQUARE],
  ['a cup of tea, seen from above', SQUARE],
  ['a whale under the northern lights', TALL],
  ['a castle on a hill at dusk', WIDE],
  ['a bear in a warm red scarf', SQUARE],
  ['a cactus in the desert, white sun', SQUARE],
] as const;
const NEWER = [
  ['霧の中の灯台、静かな海', WIDE],
  ['a robot watering tulips', TALL],
  ['a rabbit on a winter meadow', SQUARE],
  ['a city street after the rain, neon', WIDE],
  ['قطة تنام على نافذة مفتوحة', SQUARE],
  ['a cottage in an autumn forest', WIDE],
  ['a rocket on its way to the moon', TALL],
  ['a hot-air balloon over terraced fields', WIDE],
  ['a cat in a striped scarf', SQUARE],
  ['منارة في الضباب، بألوان هادئة', TALL],
  ['sailing boats in the harbour, morning', TALL],
  ['poppies in a meadow', SQUARE],
  ['two swallows over a quiet river', WIDE],
] as const;
/** By their places among all of them. */
const FAVOURITES = [1, 5, 14, 21, 23];
const TAGS = [
  [
    ['still life', 'study'],
    [0, 7, 23],
  ],
  [['sea'], [8, 12, 21, 22]],
  [['night'], [2, 3, 18]],
] as const;
const DELETED = [
  ['a lamp on an empty table', SQUARE],
  ['a stone bridge in spring', WIDE],
  ['an umbrella in the wind', TALL],
] as const;

export interface Archive {
  /** Of a picture with a parent, a brother and children. */
  readonly familyImageId: string;
  /** A conversation of several pictures and an upload. */
  readonly conversationId: string;
}

/** Fills the server at `url`, whose simulator should be fast. */
export async function fillArchive(url: string): Promise<Archive> {
  const api = apiAt(url);
  for (const [prompt, size] of DELETED) {
    const { imageIds } = await api.generate({ prompt, options: { size } });
    await api.ask(DELETE, { ids: imageIds });
  }
  const older = await makeAll(api, OLDER);
  const family = await makeFamily(api);
  await api.generate({ prompt: 'an otter in the river', count: 2, options: { size: SQUARE } });
  const ids = [...older, ...(await makeAll(api, NEWER))];
  const at = (places: readonly number[]) => places.map((place) => ids[place] ?? '');
  await api.ask(UPDATE, { input: { imageIds: at(FAVOURITES), favorite: true } });
  for (const [addTags, places] of TAGS) await api.ask(UPDATE, { input: { imageIds: at(places), addTags } });
  return family;
}

/** @returns the ids of their images */
async function makeAll(api: Api, pictures: readonly (readonly [string, string])[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const [prompt, size] of pictures) ids.push(...(await api.generate({ prompt, options: { size } })).imageIds);
  return ids;
}

async function makeFamily(api: Api): Promise<Archive> {
  const first = await api.generate({ prompt: 'a lighthouse on a cliff, stormy sea', options: { size: WIDE } });
  const [lighthouse = ''] = first.imageIds;
  const night = await api.refine({ imageId: lighthouse, prompt: 'At night, with stars' });
  const [nightId = ''] = night.imageIds;
  await api.refine({ imageId: lighthouse, prompt: 'In calm weather, with sailing boats' });
  await api.upload(await photograph(first.url), first.conversationId);
  await api.refine({ imageId: nightId, prompt: 'Let it snow' });
  await api.refine({ imageId: nightId, prompt: 'A full moon above the cliff' });
  return { familyImageId: nightId, conversationId: first.conversationId };
}

/** Something that looks as if it had been taken with a camera: another cut of a picture, as a JPEG file. */
async function photograph(imageUrl: string): Promise<Blob> {
  const bytes = Buffer.from(await (await fetch(imageUrl)).arrayBuffer());
  const cut = sharp(bytes).extract({ left: 500, top: 100, width: 600, height: 800 }).modulate({ saturation: 0.15 });
  return new Blob([Uint8Array.from(await cut.jpeg({ quality: 85 }).toBuffer())], { type: 'image/jpeg' });
}

interface Made {
  readonly conversationId: string;
  readonly imageIds: readonly string[];
  /** Of the first image. */
  readonly url: string;
}

interface Api {
  ask<Data>(query: string, variables: object): Promise<Data>;
  /** Starts a call. @returns its id */
  start(input: object): Promise<string>;
  generate(input: object): Promise<Made>;
  refine(input: object): Promise<Made>;
  upload(file: Blob, conversationId: string): Promise<void>;
}

type Started = Readonly<Record<string, { readonly call?: { readonly id: string } }>>;

export function apiAt(url: string): Api {
  async function ask<Data>(query: string, variables: object): Promise<Data> {
    const headers = { 'content-type': 'application/json' };
    return read<Data>(
      await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) }),
    );
  }
  async function start(document: string, input: object): Promise<string> {
    const [result] = Object.values(await ask<Started>(document, { input }));
    if (result?.call === undefined) throw new Error(`not started: ${JSON.stringify(result)}`);
    return result.call.id;
  }
  async function madeBy(id: string): Promise<Made> {
    for (;;) {
      const { generationCall: call } = await ask<CallAnswer>(CALL, { id });
      if (call.status === 'COMPLETED') {
        const [image] = call.images;
        return {
          conversationId: call.conversation.id,
          imageIds: call.images.map((each) => each.id),
          url: image?.url ?? '',
        };
      }
      if (call.status === 'FAILED') throw new Error(`call ${id} failed`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return {
    ask,
    start: (input) => start(START, input),
    generate: async (input) => madeBy(await start(START, input)),
    refine: async (input) => madeBy(await start(REFINE, input)),
    async upload(file, conversationId) {
      const body = new FormData();
      body.append('operations', JSON.stringify({ query: UPLOAD, variables: { file: null, conversationId } }));
      body.append('map', JSON.stringify({ 0: ['variables.file'] }));
      body.append('0', file, 'cliff.jpg');
      const headers = { 'apollo-require-preflight': 'true' };
      await read(await fetch(`${url}/graphql`, { method: 'POST', headers, body }));
    },
  };
}

interface CallAnswer {
  readonly generationCall: {
    readonly status: string;
    readonly conversation: { readonly id: string };
    readonly images: readonly { readonly id: string; readonly url: string }[];
  };
}

async function read<Data>(response: Response): Promise<Data> {
  // As the document selects it.
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}
