/** Documents for budgets and approvals. */
import { graphql } from './gql/gql.ts';

export const BudgetFields = graphql(/* GraphQL */ `
  fragment BudgetFields on Budget {
    subject
    subjectId
    period
    currency
    limit
    spent
    reserved
    remaining
    startsAt
    resetsAt
    onExceed
    isDefault
  }
`);

export const ViewerBudgets = graphql(/* GraphQL */ `
  query ViewerBudgets {
    viewer {
      budgets {
        ...BudgetFields
      }
      cost {
        amount
      }
    }
  }
`);

export const Spend = graphql(/* GraphQL */ `
  mutation SpendWithin($input: GenerateImageInput!) {
    generateImage(input: $input) {
      __typename
      ... on GenerateImageSuccess {
        call {
          id
          status
        }
      }
      ... on Error {
        code
        message
      }
      ... on RateLimitedError {
        retryAfter
      }
      ... on BudgetExceededError {
        required
        resetsAt
        budget {
          ...BudgetFields
        }
      }
    }
  }
`);

export const WaitingCalls = graphql(/* GraphQL */ `
  query WaitingCalls($first: Int, $after: String) {
    generationCallsAwaitingApproval(first: $first, after: $after) {
      edges {
        cursor
        node {
          callId
          principal
          credential
          status
          kind
          prompt
          count
          amount
          createdAt
          requested {
            quality
          }
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);

export const Approve = graphql(/* GraphQL */ `
  mutation Approve($callId: ID!) {
    approveGeneration(input: { callId: $callId }) {
      __typename
      ... on ApproveGenerationSuccess {
        approval {
          callId
          status
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const Refuse = graphql(/* GraphQL */ `
  mutation Refuse($callId: ID!, $reason: String) {
    refuseGeneration(input: { callId: $callId, reason: $reason }) {
      __typename
      ... on RefuseGenerationSuccess {
        approval {
          callId
          status
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

/** The events of a call that a budget may have held up. */
export const WatchWaiting = graphql(/* GraphQL */ `
  subscription WatchWaiting($callId: ID!) {
    generationEvents(callId: $callId) {
      __typename
      sequence
      call {
        status
      }
      ... on GenerationAwaitingApproval {
        amount
        expiresAt
      }
      ... on GenerationFailed {
        failure {
          code
          message
          retryable
        }
      }
    }
  }
`);

export const ViewerSpending = graphql(/* GraphQL */ `
  query ViewerSpending($from: Date, $to: Date) {
    viewer {
      cost {
        amount
      }
      spending(from: $from, to: $to) {
        from
        to
        amount
        currency
        basis
        complete
        calls
        days {
          date
          amount
          complete
          calls
        }
      }
    }
  }
`);
