/**
 * How each thing that a client can name is tried as somebody else's. The keys are those of the schema (references.ts): a
 * new argument or input field without a case fails the matrix.
 */
import type { Operation } from '../conformance/ways-in.ts';
import type { Names } from './world.ts';

/** One operation of Bert's with names that are not his. `own` are his, for what has to be his own beside them. */
export type Case = (theirs: Names, own: Names) => Operation;

const ERRORS =
  '__typename ... on Error { code message ... on NotFoundError { field } ... on InvalidInputError { fields { field message } } }';

const query = (text: string, variables: object = {}): Operation => ({
  query: text,
  variables: variables as Record<string, unknown>,
});

/** A mutation with its input in a variable. */
function mutation(field: string, inputType: string, input: object): Operation {
  return query(`mutation ($input: ${inputType}!) { ${field}(input: $input) { ${ERRORS} } }`, { input });
}

/** A mutation of a list of images, with the result of each. */
function imageList(field: string, inputType: string, input: object): Operation {
  const success = `${field[0]?.toUpperCase()}${field.slice(1)}Success`;
  const results =
    'results { imageId result { __typename ... on Error { code message } ... on NotFoundError { field } } }';
  return query(
    `mutation ($input: ${inputType}!) { ${field}(input: $input) { ${ERRORS} ... on ${success} { ${results} } } }`,
    {
      input,
    },
  );
}

const generate = (input: object) => mutation('generateImage', 'GenerateImageInput', { prompt: 'x', ...input });
const refine = (input: object) => mutation('refineImage', 'RefineImageInput', { prompt: 'x', ...input });
const estimate = (input: object) =>
  query(
    `query ($input: EstimateGenerationInput!) {
      estimateGeneration(input: $input) { ${ERRORS} ... on EstimateGenerationSuccess { estimate { cost { amount } } } }
    }`,
    { input: { prompt: 'x', ...input } },
  );
const node = (id: string) => query('query ($id: ID!) { node(id: $id) { id __typename } }', { id });

/** A list of Bert's own, from a cursor of somebody else's. */
const list = (text: string, variables: object) => query(text.replace('PAGE', 'edges { node { id } }'), variables);

function rootList(field: string, cursor: (names: Names) => string): { after: Case; before: Case } {
  const at =
    (argument: string): Case =>
    (theirs) =>
      list(`query ($c: String) { ${field}(first: 5, ${argument}: $c) { PAGE } }`, { c: cursor(theirs) });
  return { after: at('after'), before: at('before') };
}

function nestedList(
  parent: string,
  id: (names: Names) => string,
  field: string,
  cursor: (names: Names) => string,
  node = 'id',
) {
  const at =
    (argument: string): Case =>
    (theirs, own) =>
      list(
        `query ($id: ID!, $c: String) { ${parent}(id: $id) { ${field}(first: 5, ${argument}: $c) { edges { node { ${node} } } } } }`,
        {
          id: id(own),
          c: cursor(theirs),
        },
      );
  return { after: at('after'), before: at('before') };
}

const images = rootList('images', ({ cursors }) => cursors.images);
const calls = rootList('generationCalls', ({ cursors }) => cursors.calls);
const conversations = rootList('conversations', ({ cursors }) => cursors.conversations);
const ofConversation = ({ conversation }: Names) => conversation;
const imagesWithin = nestedList(
  'conversation',
  ofConversation,
  'images',
  ({ cursors }) => cursors.imagesOfConversation,
);
const callsWithin = nestedList('conversation', ofConversation, 'calls', ({ cursors }) => cursors.callsOfConversation);
const itemsWithin = nestedList(
  'conversation',
  ofConversation,
  'items',
  ({ cursors }) => cursors.itemsOfConversation,
  '... on Node { id }',
);
const refinements = nestedList(
  'image',
  ({ image }) => image,
  'refinements',
  ({ cursors }) => cursors.refinements,
);

const ancestors = nestedList(
  'image',
  ({ refinement }) => refinement,
  'ancestors',
  ({ cursors }) => cursors.ancestors,
);

const CALL_EVENTS =
  'subscription ($id: ID!, $after: String) { generationEvents(callId: $id, after: $after) { sequence } }';
const VIEWER_EVENTS = 'subscription ($after: String) { viewerEvents(after: $after) { cursor } }';
const CONVERSATION_EVENTS =
  'subscription ($id: ID!, $after: String) { conversationEvents(conversationId: $id, after: $after) { sequence } }';

export const CASES: Readonly<Record<string, readonly Case[]>> = {
  'Query.node(id)': [
    ({ image }) => node(image),
    ({ upload }) => node(upload),
    ({ call }) => node(call),
    ({ conversation }) => node(conversation),
  ],
  'Query.nodes(ids)': [
    ({ image, call, conversation }, own) =>
      query('query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }', {
        ids: [image, call, own.image, conversation],
      }),
  ],
  'Query.imagesExportUrl(ids)': [
    ({ image }) => query('query ($ids: [ID!]!) { imagesExportUrl(ids: $ids) }', { ids: [image] }),
  ],
  'Query.image(id)': [
    ({ image }) => query('query ($id: ID!) { image(id: $id) { id url prompt sha256 } }', { id: image }),
    ({ upload }) =>
      query(
        'query ($id: ID!) { image(id: $id) { id thumbhash dataUri hasContentCredentials url(width: 160, format: JPEG) } }',
        { id: upload },
      ),
  ],
  'Query.generationCall(id)': [
    ({ call }) =>
      query('query ($id: ID!) { generationCall(id: $id) { id prompt queuePosition cost { amount } } }', { id: call }),
  ],
  'Query.conversation(id)': [
    ({ conversation }) =>
      query('query ($id: ID!) { conversation(id: $id) { id title cost { amount } } }', { id: conversation }),
  ],
  'ImageFilter.conversationId': [
    ({ conversation }) =>
      query('query ($id: ID) { images(filter: { conversationId: $id }) { edges { node { id } } } }', {
        id: conversation,
      }),
  ],
  'GenerationCallFilter.conversationId': [
    ({ conversation }) =>
      query('query ($id: ID) { generationCalls(filter: { conversationId: $id }) { edges { node { id } } } }', {
        id: conversation,
      }),
  ],
  'Query.images(after)': [images.after],
  'Query.images(before)': [images.before],
  'Query.generationCalls(after)': [calls.after],
  'Query.generationCalls(before)': [calls.before],
  'Query.conversations(after)': [conversations.after],
  'Query.conversations(before)': [conversations.before],
  'Conversation.images(after)': [imagesWithin.after],
  'Conversation.images(before)': [imagesWithin.before],
  'Conversation.items(after)': [itemsWithin.after],
  'Conversation.items(before)': [itemsWithin.before],
  'Conversation.calls(after)': [callsWithin.after],
  'Conversation.calls(before)': [callsWithin.before],
  'Image.refinements(after)': [refinements.after],
  'Image.refinements(before)': [refinements.before],
  'Image.ancestors(after)': [ancestors.after],
  'Image.ancestors(before)': [ancestors.before],

  'GenerateImageInput.conversationId': [({ conversation }) => generate({ conversationId: conversation })],
  'GenerateImageInput.sourceImageIds': [
    ({ image }) => generate({ sourceImageIds: [image] }),
    ({ upload }, own) => generate({ sourceImageIds: [own.image, upload] }),
  ],
  'GenerateImageInput.maskImageId': [
    ({ upload }, own) => generate({ sourceImageIds: [own.upload], maskImageId: upload }),
  ],
  'GenerateImageInput.markupImageId': [
    ({ upload }, own) => generate({ sourceImageIds: [own.upload], markupImageId: upload }),
  ],
  'EstimateGenerationInput.conversationId': [({ conversation }) => estimate({ conversationId: conversation })],
  'EstimateGenerationInput.sourceImageIds': [({ image }) => estimate({ sourceImageIds: [image] })],
  'EstimateGenerationInput.imageId': [({ image }) => estimate({ imageId: image })],
  'EstimateGenerationInput.maskImageId': [
    ({ upload }, own) => estimate({ sourceImageIds: [own.upload], maskImageId: upload }),
  ],
  'EstimateGenerationInput.markupImageId': [
    ({ upload }, own) => estimate({ imageId: own.upload, markupImageId: upload }),
  ],
  'RefineImageInput.imageId': [({ image }) => refine({ imageId: image }), ({ upload }) => refine({ imageId: upload })],
  'RefineImageInput.maskImageId': [({ upload }, own) => refine({ imageId: own.upload, maskImageId: upload })],
  'RefineImageInput.markupImageId': [({ upload }, own) => refine({ imageId: own.upload, markupImageId: upload })],
  'RetryGenerationInput.callId': [
    ({ failedCall }) => mutation('retryGeneration', 'RetryGenerationInput', { callId: failedCall }),
  ],
  'CancelGenerationInput.callId': [
    ({ call }) => mutation('cancelGeneration', 'CancelGenerationInput', { callId: call }),
  ],
  'ApproveGenerationInput.callId': [
    ({ call }) => mutation('approveGeneration', 'ApproveGenerationInput', { callId: call }),
  ],
  'RefuseGenerationInput.callId': [
    ({ call }) => mutation('refuseGeneration', 'RefuseGenerationInput', { callId: call }),
  ],
  'CreateClientTokenInput.conversationId': [
    ({ conversation }) => mutation('createClientToken', 'CreateClientTokenInput', { conversationId: conversation }),
  ],
  'CreateClientTokenInput.callId': [
    ({ call }) => mutation('createClientToken', 'CreateClientTokenInput', { callId: call }),
  ],
  'UploadImageInput.conversationId': [
    ({ conversation }) =>
      query(
        `mutation ($file: Upload!, $id: ID) { uploadImage(input: { file: $file, conversationId: $id }) { ${ERRORS} } }`,
        { id: conversation },
      ),
  ],

  'UpdateImageInput.imageId': [
    ({ image }) => mutation('updateImage', 'UpdateImageInput', { imageId: image, favorite: true, tags: ['taken'] }),
    ({ upload }) => mutation('updateImage', 'UpdateImageInput', { imageId: upload, addTags: ['taken'] }),
  ],
  'DeleteImageInput.imageId': [({ image }) => mutation('deleteImage', 'DeleteImageInput', { imageId: image })],
  'RestoreImageInput.imageId': [({ image }) => mutation('restoreImage', 'RestoreImageInput', { imageId: image })],
  'UpdateImagesInput.imageIds': [
    ({ image, upload }) =>
      imageList('updateImages', 'UpdateImagesInput', { imageIds: [image, upload], favorite: true }),
  ],
  'DeleteImagesInput.imageIds': [
    ({ image, upload }) => imageList('deleteImages', 'DeleteImagesInput', { imageIds: [image, upload] }),
  ],
  'RestoreImagesInput.imageIds': [
    ({ image, upload }) => imageList('restoreImages', 'RestoreImagesInput', { imageIds: [upload, image] }),
  ],
  'UpdateConversationInput.conversationId': [
    ({ conversation }) =>
      mutation('updateConversation', 'UpdateConversationInput', { conversationId: conversation, title: 'taken' }),
  ],
  'DeleteConversationInput.conversationId': [
    ({ conversation }) => mutation('deleteConversation', 'DeleteConversationInput', { conversationId: conversation }),
  ],
  'RestoreConversationInput.conversationId': [
    ({ conversation }) => mutation('restoreConversation', 'RestoreConversationInput', { conversationId: conversation }),
  ],

  'Subscription.generationEvents(callId)': [({ call }) => query(CALL_EVENTS, { id: call })],
  'Subscription.conversationEvents(conversationId)': [
    ({ conversation }) => query(CONVERSATION_EVENTS, { id: conversation }),
  ],
  'Subscription.generationEvents(after)': [
    ({ eventCursor }, own) => query(CALL_EVENTS, { id: own.call, after: eventCursor }),
  ],
  'Subscription.conversationEvents(after)': [
    ({ eventCursor }, own) => query(CONVERSATION_EVENTS, { id: own.conversation, after: eventCursor }),
    ({ conversationCursor }, own) => query(CONVERSATION_EVENTS, { id: own.conversation, after: conversationCursor }),
  ],
  'Subscription.viewerEvents(after)': [
    // That of an event is only a place in a log: matrix.test.ts looks at what comes behind it.
    ({ conversationCursor }) => query(VIEWER_EVENTS, { after: conversationCursor }),
  ],
};

/** What names nothing that is stored, or is tried in a test of its own below the matrix. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'GenerateImageInput.idempotencyKey': 'a test of its own: the key is everybody’s own',
  'RefineImageInput.idempotencyKey': 'a test of its own: the key is everybody’s own',
  'RetryGenerationInput.idempotencyKey': 'a test of its own: the key is everybody’s own',
  'EstimateGenerationInput.idempotencyKey': 'has no effect',
  'EstimateGenerationInput.prompt': 'text that is not stored',
  'Query.generationCallsAwaitingApproval(after)': 'for administrators, who see the waiting calls of all principals',
  'Query.generationCallsAwaitingApproval(before)': 'for administrators, who see the waiting calls of all principals',
  'Query.apiKeys(after)': 'for administrators, who see the keys of all principals',
  'Query.apiKeys(before)': 'for administrators, who see the keys of all principals',
  'Query.apiKeys(principal)': 'for administrators, who see the keys of all principals',
  'CreateApiKeyInput.principal': 'for administrators, who make keys for all principals',
  'CreateApiKeyInput.name': 'text for a list',
  'CreateConversationInput.title': 'a title of one’s own conversation',
  'UpdateConversationInput.title': 'text for a conversation that another field names',
  'UpdateImageInput.tags': 'text for an image that another field names',
  'UpdateImageInput.addTags': 'text for an image that another field names',
  'UpdateImageInput.removeTags': 'text for an image that another field names',
  'UpdateImagesInput.tags': 'text for images that another field names',
  'UpdateImagesInput.addTags': 'text for images that another field names',
  'UpdateImagesInput.removeTags': 'text for images that another field names',
  'RevokeApiKeyInput.apiKeyId': 'for administrators, who revoke the keys of all principals',
  'UploadImageInput.idempotencyKey': 'a test of its own: the key is everybody’s own',
  'GenerateImageInput.prompt': 'text for the upstream',
  'RefineImageInput.prompt': 'text for the upstream',
  'RefuseGenerationInput.reason': 'text for the owner of the call',
  'Query.tags(prefix)': 'text: test/storage/tags-in-use.test.ts looks for the tags of others',
  'ImageFilter.models': 'the names of models',
  'ImageFilter.tags': 'text: test/contract/search.ts searches for the texts and tags of others',
  'ImageFilter.search': 'text: test/contract/search.ts searches for the texts and tags of others',
  'GenerationCallFilter.search': 'text: test/contract/search.ts searches for the texts and tags of others',
  'ConversationFilter.search': 'text: test/contract/search.ts searches for the texts and tags of others',
  'ImageOptionsInput.model': 'the name of a model',
  'ImageOptionsInput.mainlineModel': 'the name of a model',
  'SvgOptionsInput.model': 'the name of a model',
};

/** The ways in for each kind of operation (test/conformance/ways-in.ts). */
export const WAYS: Readonly<Record<'query' | 'mutation' | 'subscription' | 'upload', readonly string[]>> = {
  query: ['small JSON POST', 'large POST', 'GET', 'WebSocket query'],
  mutation: ['small JSON POST', 'large POST', 'WebSocket mutation'],
  subscription: ['SSE', 'WebSocket subscription'],
  upload: ['multipart'],
};
