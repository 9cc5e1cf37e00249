/** What the command line asks the API; codegen types it. */
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
    }
  }
`);
