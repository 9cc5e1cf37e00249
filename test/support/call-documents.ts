/** Operations on a call in progress: cancel it, ask for its position in the queue. */
import { graphql } from './gql/gql.ts';

export const CancelGeneration = graphql(/* GraphQL */ `
  mutation CancelGeneration($input: CancelGenerationInput!) {
    cancelGeneration(input: $input) {
      __typename
      ... on CancelGenerationSuccess {
        call {
          id
          status
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
      ... on NotFoundError {
        field
      }
    }
  }
`);

export const QueuePosition = graphql(/* GraphQL */ `
  query QueuePosition($id: ID!) {
    generationCall(id: $id) {
      status
      queuePosition
    }
  }
`);
