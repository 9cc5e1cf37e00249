/** The documents that tests share. Codegen adds their types. */
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

export const RefineImage = graphql(/* GraphQL */ `
  mutation RefineImage($input: RefineImageInput!) {
    refineImage(input: $input) {
      __typename
      ... on RefineImageSuccess {
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

/** An event with its content, and the call as it was when the event was sent. */
export const EventFields = graphql(/* GraphQL */ `
  fragment EventFields on GenerationEvent {
    __typename
    cursor
    sequence
    at
    call {
      id
      status
    }
    ... on GenerationStarted {
      attempt
    }
    ... on PartialImageReceived {
      partial {
        index
        imageIndex
        url
        width
        height
        format
        byteSize
      }
    }
    ... on ImageCompleted {
      image {
        id
        url
        sha256
        width
        height
        format
        byteSize
      }
    }
    ... on ImageFailed {
      imageIndex
      failure {
        code
        message
      }
    }
    ... on GenerationRetrying {
      attempt
      reason
      retryAt
    }
    ... on GenerationCompleted {
      images {
        id
        url
        sha256
      }
    }
    ... on GenerationFailed {
      failure {
        code
        message
        retryable
        retryAfter
        requestId
        moderation {
          stage
          categories
        }
      }
    }
  }
`);

export const WatchCall = graphql(/* GraphQL */ `
  subscription WatchCall($callId: ID!, $after: String) {
    generationEvents(callId: $callId, after: $after) {
      ...EventFields
    }
  }
`);

export const WatchConversation = graphql(/* GraphQL */ `
  subscription WatchConversation($conversationId: ID!, $after: String) {
    conversationEvents(conversationId: $conversationId, after: $after) {
      ...EventFields
    }
  }
`);

/** The snapshot of a call that a newly opened page loads before it subscribes. */
export const CallSnapshot = graphql(/* GraphQL */ `
  query CallSnapshot($id: ID!) {
    generationCall(id: $id) {
      id
      cursor
      status
      partialImages {
        index
        url
      }
      images {
        id
        url
      }
    }
  }
`);

export const CallDetails = graphql(/* GraphQL */ `
  query CallDetails($id: ID!) {
    generationCall(id: $id) {
      id
      kind
      status
      prompt
      revisedPrompt
      route
      attempts
      responseId
      cursor
      createdAt
      startedAt
      firstPartialAt
      endedAt
      requested {
        model
        size
        quality
        format
        compression
        background
        partialImages
      }
      conversation {
        id
        title
      }
      sources {
        id
      }
      partialImages {
        index
        imageIndex
        url
        width
        height
        format
        byteSize
      }
      images {
        id
        url
        sha256
      }
      failure {
        code
        message
        retryable
        retryAfter
        requestId
      }
    }
  }
`);

export const ImageDetails = graphql(/* GraphQL */ `
  query ImageDetails($id: ID!) {
    image(id: $id) {
      id
      url
      width
      height
      format
      byteSize
      sha256
      thumbhash
      origin
      prompt
      revisedPrompt
      createdAt
      requested {
        size
        quality
        format
        partialImages
      }
      actual {
        size
        quality
        format
        background
        model
      }
      call {
        id
      }
      conversation {
        id
      }
      sources {
        id
      }
      lineage {
        id
      }
      refinements(first: 10) {
        edges {
          node {
            id
          }
        }
      }
    }
  }
`);

export const DataUris = graphql(/* GraphQL */ `
  query DataUris($callId: ID!, $imageId: ID!, $maxBytes: Int) {
    image(id: $imageId) {
      dataUri(maxBytes: $maxBytes)
    }
    generationCall(id: $callId) {
      partialImages {
        index
        url
        dataUri
      }
    }
  }
`);

export const ConversationDetails = graphql(/* GraphQL */ `
  query ConversationDetails($id: ID!) {
    conversation(id: $id) {
      id
      title
      createdAt
      updatedAt
      cover {
        id
      }
      calls(first: 100) {
        edges {
          node {
            id
          }
        }
      }
      images(first: 100) {
        edges {
          node {
            id
          }
        }
      }
    }
  }
`);

export const Images = graphql(/* GraphQL */ `
  query Images(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $filter: ImageFilter
    $orderBy: ImageOrder
  ) {
    images(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      edges {
        cursor
        node {
          id
        }
      }
    }
  }
`);

export const GenerationCalls = graphql(/* GraphQL */ `
  query GenerationCalls($first: Int, $after: String, $last: Int, $before: String, $filter: GenerationCallFilter) {
    generationCalls(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      edges {
        cursor
        node {
          id
          status
        }
      }
    }
  }
`);

export const Conversations = graphql(/* GraphQL */ `
  query Conversations($first: Int, $after: String, $last: Int, $before: String) {
    conversations(first: $first, after: $after, last: $last, before: $before) {
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      edges {
        cursor
        node {
          id
        }
      }
    }
  }
`);

export const NodeById = graphql(/* GraphQL */ `
  query NodeById($id: ID!) {
    node(id: $id) {
      __typename
      id
    }
  }
`);

export const NodesById = graphql(/* GraphQL */ `
  query NodesById($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
    }
  }
`);

export const WhoAmI = graphql(/* GraphQL */ `
  query WhoAmI {
    viewer {
      principal
      upstream {
        kind
        model
        imageModel
      }
    }
  }
`);
