/** What a call says of options that the upstream did not know. */
import { graphql } from './gql/gql.ts';

export const Warned = graphql(`
  query Warned($id: ID!) {
    generationCall(id: $id) {
      status
      attempts
      route
      warnings { code message }
      requested { partialImages quality moderation }
      failure { code message }
      images { id }
    }
  }
`);
