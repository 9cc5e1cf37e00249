/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation Generate($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GenerateImageSuccess {\n        call {\n          id\n        }\n      }\n      ... on Error {\n        message\n      }\n      ... on InvalidInputError {\n        fields {\n          field\n          message\n        }\n      }\n      ... on NotFoundError {\n        field\n      }\n      ... on UnsupportedOptionError {\n        option\n      }\n      ... on RateLimitedError {\n        retryAfter\n      }\n    }\n  }\n": typeof types.GenerateDocument,
    "\n  mutation Refine($input: RefineImageInput!) {\n    refineImage(input: $input) {\n      __typename\n      ... on RefineImageSuccess {\n        call {\n          id\n        }\n      }\n      ... on Error {\n        message\n      }\n      ... on InvalidInputError {\n        fields {\n          field\n          message\n        }\n      }\n      ... on NotFoundError {\n        field\n      }\n      ... on UnsupportedOptionError {\n        option\n      }\n      ... on RateLimitedError {\n        retryAfter\n      }\n    }\n  }\n": typeof types.RefineDocument,
    "\n  subscription Follow($callId: ID!, $after: String) {\n    generationEvents(callId: $callId, after: $after) {\n      __typename\n      cursor\n      at\n      call {\n        id\n        prompt\n        revisedPrompt\n        conversation {\n          id\n        }\n        requested {\n          partialImages\n          completionWindow\n        }\n        warnings {\n          code\n          message\n        }\n      }\n      ... on GenerationStarted {\n        attempt\n      }\n      ... on PartialImageReceived {\n        partial {\n          index\n          imageIndex\n          url\n          format\n        }\n      }\n      ... on ImageCompleted {\n        image {\n          id\n          url\n          format\n          width\n          height\n        }\n      }\n      ... on GenerationRetrying {\n        reason\n        retryAt\n      }\n      ... on GenerationFailed {\n        failure {\n          code\n          message\n          requestId\n          retryable\n          retryAfter\n        }\n      }\n    }\n  }\n": typeof types.FollowDocument,
};
const documents: Documents = {
    "\n  mutation Generate($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GenerateImageSuccess {\n        call {\n          id\n        }\n      }\n      ... on Error {\n        message\n      }\n      ... on InvalidInputError {\n        fields {\n          field\n          message\n        }\n      }\n      ... on NotFoundError {\n        field\n      }\n      ... on UnsupportedOptionError {\n        option\n      }\n      ... on RateLimitedError {\n        retryAfter\n      }\n    }\n  }\n": types.GenerateDocument,
    "\n  mutation Refine($input: RefineImageInput!) {\n    refineImage(input: $input) {\n      __typename\n      ... on RefineImageSuccess {\n        call {\n          id\n        }\n      }\n      ... on Error {\n        message\n      }\n      ... on InvalidInputError {\n        fields {\n          field\n          message\n        }\n      }\n      ... on NotFoundError {\n        field\n      }\n      ... on UnsupportedOptionError {\n        option\n      }\n      ... on RateLimitedError {\n        retryAfter\n      }\n    }\n  }\n": types.RefineDocument,
    "\n  subscription Follow($callId: ID!, $after: String) {\n    generationEvents(callId: $callId, after: $after) {\n      __typename\n      cursor\n      at\n      call {\n        id\n        prompt\n        revisedPrompt\n        conversation {\n          id\n        }\n        requested {\n          partialImages\n          completionWindow\n        }\n        warnings {\n          code\n          message\n        }\n      }\n      ... on GenerationStarted {\n        attempt\n      }\n      ... on PartialImageReceived {\n        partial {\n          index\n          imageIndex\n          url\n          format\n        }\n      }\n      ... on ImageCompleted {\n        image {\n          id\n          url\n          format\n          width\n          height\n        }\n      }\n      ... on GenerationRetrying {\n        reason\n        retryAt\n      }\n      ... on GenerationFailed {\n        failure {\n          code\n          message\n          requestId\n          retryable\n          retryAfter\n        }\n      }\n    }\n  }\n": types.FollowDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Generate($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GenerateImageSuccess {\n        call {\n          id\n        }\n      }\n      ... on Error {\n        message\n      }\n      ... on InvalidInputError {\n        fields {\n          field\n          message\n        }\n      }\n      ... on NotFoundError {\n        field\n      }\n      ... on UnsupportedOptionError {\n        option\n      }\n      ... on RateLimitedError {\n        retryAfter\n      }\n    }\n  }\n"): typeof import('./graphql.ts').GenerateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Refine($input: RefineImageInput!) {\n    refineImage(input: $input) {\n      __typename\n      ... on RefineImageSuccess {\n        call {\n          id\n        }\n      }\n      ... on Error {\n        message\n      }\n      ... on InvalidInputError {\n        fields {\n          field\n          message\n        }\n      }\n      ... on NotFoundError {\n        field\n      }\n      ... on UnsupportedOptionError {\n        option\n      }\n      ... on RateLimitedError {\n        retryAfter\n      }\n    }\n  }\n"): typeof import('./graphql.ts').RefineDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Follow($callId: ID!, $after: String) {\n    generationEvents(callId: $callId, after: $after) {\n      __typename\n      cursor\n      at\n      call {\n        id\n        prompt\n        revisedPrompt\n        conversation {\n          id\n        }\n        requested {\n          partialImages\n          completionWindow\n        }\n        warnings {\n          code\n          message\n        }\n      }\n      ... on GenerationStarted {\n        attempt\n      }\n      ... on PartialImageReceived {\n        partial {\n          index\n          imageIndex\n          url\n          format\n        }\n      }\n      ... on ImageCompleted {\n        image {\n          id\n          url\n          format\n          width\n          height\n        }\n      }\n      ... on GenerationRetrying {\n        reason\n        retryAt\n      }\n      ... on GenerationFailed {\n        failure {\n          code\n          message\n          requestId\n          retryable\n          retryAfter\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').FollowDocument;


export function graphql(source: string) {
  return (documents as Readonly<Record<string, unknown>>)[source] ?? {};
}
