/** Documents that a client uses before a generation: models, estimated costs and durations. */
import { graphql } from './gql/gql.ts';

export const Models = graphql(/* GraphQL */ `
  query Models {
    models {
      name
      snapshots
      isDefault
      status
      retiresAt
      successor
      sizes
      sizeRules {
        edgeStep
        longestEdge
      }
      qualities
      formats
      backgrounds
      inputFidelities
      complexities
      takesMarkup
      maxPartialImages
      maxCount
      takesMask
      knownAsOf
      prices {
        textInput
        imageInput
        imageOutput
      }
    }
  }
`);

export const Estimate = graphql(/* GraphQL */ `
  query Estimate($input: EstimateGenerationInput!) {
    estimateGeneration(input: $input) {
      __typename
      ... on EstimateGenerationSuccess {
        estimate {
          cost {
            ...CostFields
          }
          lowestAmount
          duration {
            typicalMs
            slowMs
            basis
            samples
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
      ... on UnsupportedOptionError {
        model
        option
        allowed
      }
    }
  }
`);
