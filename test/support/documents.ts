/** The documents that tests share; codegen types them. */
import { graphql } from './gql/gql.ts';

export const GenerateImage = graphql(/* GraphQL */ `
  mutation GenerateImage($input: GenerateImageInput!) {
    generateImage(input: $input) {
      __typename
      ... on GenerateImageSuccess {
        call {
          id
          status
          kind
          prompt
          cursor
          conversation {
            id
            title
          }
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
