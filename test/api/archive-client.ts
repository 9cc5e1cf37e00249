/** A client that arranges an archive: it sends the mutations of the archive, and reads what became of them. */
import { clientWith, type Variables } from './keyed-client.ts';
import { eventually } from './steps.ts';

const ERROR = `... on Error { code message ... on InvalidInputError { fields { field message } }
  ... on NotFoundError { field } ... on InTrashError { field imageId conversationId } ... on ForbiddenError { scope } }`;
const IMAGE = 'image { id favorite tags deletedAt }';
const RESULTS = `results { imageId result { __typename ... on ChangeImageSuccess { ${IMAGE} } ... on Error { code } } }`;
const CONVERSATION = 'conversation { id title updatedAt deletedAt }';

/** What each mutation returns when it succeeds. */
const SUCCESS: Readonly<Record<string, string>> = {
  updateImage: IMAGE,
  deleteImage: `deletedId ${IMAGE}`,
  restoreImage: IMAGE,
  updateImages: RESULTS,
  deleteImages: RESULTS,
  restoreImages: RESULTS,
  createConversation: CONVERSATION,
  updateConversation: CONVERSATION,
  deleteConversation: `deletedId ${CONVERSATION}`,
  restoreConversation: CONVERSATION,
  generateImage: 'call { id conversation { id } }',
  refineImage: 'call { id conversation { id } }',
  retryGeneration: 'call { id }',
};

const CALL = `query ($id: ID!) { generationCall(id: $id) {
  status images { id url deletedAt } partialImages { url } cost { amount } conversation { id } } }`;

export function archiveClient(url: string, token: string) {
  const client = clientWith(url, token);

  /** The result of a mutation: its success or its error. */
  async function run(mutation: string, input: Variables) {
    const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
    const document = `mutation ($input: ${name}Input!) { ${mutation}(input: $input) {
      __typename ... on ${name}Success { ${SUCCESS[mutation]} } ${ERROR} } }`;
    return (await client.data(document, { input }))[mutation];
  }

  const estimate = async (input: Variables) =>
    (
      await client.data(
        `query ($input: EstimateGenerationInput!) { estimateGeneration(input: $input) { __typename ${ERROR} } }`,
        { input },
      )
    ).estimateGeneration;

  const readCall = async (id: string) => (await client.data(CALL, { id })).generationCall;

  async function ended(callId: string) {
    return eventually('the end of the call', async () => {
      const call = await readCall(callId);
      return ['COMPLETED', 'FAILED', 'CANCELLED'].includes(call.status) ? call : undefined;
    });
  }

  /** Makes an image and waits for it. */
  async function make(input: Variables = {}) {
    const { call } = await run('generateImage', { prompt: 'a kite', ...input });
    const { images, conversation } = await ended(call.id);
    return {
      callId: call.id as string,
      conversationId: conversation.id as string,
      images,
      imageId: images[0].id as string,
    };
  }

  const listed = async () => {
    const { images, conversations, generationCalls } = await client.data(
      `{ images(first: 100) { edges { node { id } } } conversations(first: 100) { edges { node { id } } }
         generationCalls(first: 100) { edges { node { id } } } }`,
    );
    const idsOf = ({ edges }: { edges: { node: { id: string } }[] }) => edges.map(({ node }) => node.id);
    return { images: idsOf(images), conversations: idsOf(conversations), calls: idsOf(generationCalls) };
  };

  return { ...client, run, estimate, readCall, ended, make, listed };
}

export type ArchiveClient = ReturnType<typeof archiveClient>;
