/** Documents for options, several images, retries, prices and models. */
import { graphql } from './gql/gql.ts';

export const Order = graphql(/* GraphQL */ `
  mutation Order($input: GenerateImageInput!) {
    generateImage(input: $input) {
      __typename
      ... on GenerateImageSuccess {
        call {
          id
        }
      }
      ... on Error {
        code
        message
      }
      ... on InvalidInputError {
        fields {
          field
          message
        }
      }
      ... on UnsupportedOptionError {
        model
        option
        allowed
      }
    }
  }
`);

export const RetryGeneration = graphql(/* GraphQL */ `
  mutation RetryGeneration($input: RetryGenerationInput!) {
    retryGeneration(input: $input) {
      __typename
      ... on RetryGenerationSuccess {
        call {
          id
          retryOf {
            id
          }
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const CostFields = graphql(/* GraphQL */ `
  fragment CostFields on Cost {
    amount
    currency
    basis
    complete
    lines {
      kind
      model
      tokens
      pricePerMillion
      amount
    }
  }
`);

export const OrderedCall = graphql(/* GraphQL */ `
  query OrderedCall($id: ID!) {
    generationCall(id: $id) {
      id
      status
      count
      verbatim
      attempts
      route
      revisedPrompt
      sources {
        id
      }
      mask {
        id
      }
      markup {
        id
      }
      images {
        id
        prompt
        revisedPrompt
        verbatim
        actual {
          model
          mainlineModel
          size
          quality
          format
          compression
          background
          moderation
        }
      }
      partialImages {
        imageIndex
        index
      }
      failure {
        code
        message
        retryable
        retryAfter
        requestId
        text
        moderation {
          stage
          categories
        }
      }
      failures {
        imageIndex
        failure {
          code
          message
        }
      }
      warnings {
        code
        message
      }
      retryOf {
        id
      }
      retries {
        id
      }
      usage {
        totalTokens
        mainline {
          model
          inputTokens
          cachedInputTokens
          outputTokens
          reasoningTokens
        }
        image {
          model
          textInputTokens
          cachedTextInputTokens
          imageInputTokens
          cachedImageInputTokens
          outputTokens
        }
        svg {
          model
          inputTokens
          outputTokens
          reasoningTokens
        }
      }
      cost {
        ...CostFields
      }
      conversation {
        id
        cost {
          ...CostFields
        }
      }
    }
  }
`);

export const Spend = graphql(/* GraphQL */ `
  query Spend {
    viewer {
      cost {
        ...CostFields
      }
    }
  }
`);
