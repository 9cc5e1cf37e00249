/** The GraphQL documents of the command line. `npm run codegen` types them. */
import { graphql } from './gql/gql.ts';

export const Generate = graphql(/* GraphQL */ `
  mutation Generate($input: GenerateImageInput!) {
    generateImage(input: $input) {
      __typename
      ... on GenerateImageSuccess {
        call {
          id
        }
      }
      ... on Error {
        message
      }
      ... on InvalidInputError {
        fields {
          field
          message
        }
      }
      ... on NotFoundError {
        field
      }
      ... on UnsupportedOptionError {
        option
      }
      ... on RateLimitedError {
        retryAfter
      }
    }
  }
`);

export const Refine = graphql(/* GraphQL */ `
  mutation Refine($input: RefineImageInput!) {
    refineImage(input: $input) {
      __typename
      ... on RefineImageSuccess {
        call {
          id
        }
      }
      ... on Error {
        message
      }
      ... on InvalidInputError {
        fields {
          field
          message
        }
      }
      ... on NotFoundError {
        field
      }
      ... on UnsupportedOptionError {
        option
      }
      ... on RateLimitedError {
        retryAfter
      }
    }
  }
`);

export const Follow = graphql(/* GraphQL */ `
  subscription Follow($callId: ID!, $after: String) {
    generationEvents(callId: $callId, after: $after) {
      __typename
      cursor
      at
      call {
        id
        prompt
        revisedPrompt
        conversation {
          id
        }
        requested {
          partialImages
          completionWindow
        }
        warnings {
          code
          message
        }
      }
      ... on GenerationStarted {
        attempt
      }
      ... on PartialImageReceived {
        partial {
          index
          imageIndex
          url
          format
        }
      }
      ... on ImageCompleted {
        image {
          id
          url
          format
          width
          height
        }
      }
      ... on GenerationRetrying {
        reason
        retryAt
      }
      ... on GenerationFailed {
        failure {
          code
          message
          requestId
          retryable
          retryAfter
        }
      }
    }
  }
`);
