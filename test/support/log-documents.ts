/** The logs of a viewer and of a conversation, as a gallery and a chat follow them: query first, then subscribe. */
import { graphql } from './gql/gql.ts';

export const WatchViewer = graphql(/* GraphQL */ `
  subscription WatchViewer($after: String) {
    viewerEvents(after: $after) {
      ...LogEventFields
    }
  }
  fragment LogEventFields on ViewerEvent {
    __typename
    cursor
    at
    ... on ConversationEvent {
      sequence
      call {
        id
      }
    }
    ... on ConversationCreated {
      conversation {
        id
        title
      }
    }
    ... on ConversationUpdated {
      conversation {
        id
        title
      }
    }
    ... on ConversationPurged {
      conversationId
    }
    ... on ImageUploaded {
      imageId
      # Null once it is purged, unlike that of ImageCompleted: the two need different names.
      uploaded: image {
        url
      }
    }
    ... on PartialImageReceived {
      partial {
        url
      }
    }
    ... on ImageCompleted {
      image {
        id
        url
      }
    }
  }
`);

export const WatchConversationLog = graphql(/* GraphQL */ `
  subscription WatchConversationLog($conversationId: ID!, $after: String) {
    conversationEvents(conversationId: $conversationId, after: $after) {
      ...LogEventFields
    }
  }
`);

/** What a gallery shows. The cursor stands last: where it stands makes no difference. */
export const Gallery = graphql(/* GraphQL */ `
  query Gallery {
    images(first: 100) {
      edges {
        node {
          id
        }
      }
    }
    generationCalls(first: 100) {
      edges {
        node {
          id
          status
        }
      }
    }
    viewer {
      cursor
    }
  }
`);

/** What a chat shows. */
export const Timeline = graphql(/* GraphQL */ `
  query Timeline($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    conversation(id: $id) {
      cursor
      title
      items(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
        edges {
          cursor
          node {
            __typename
            ... on GenerationCall {
              id
              prompt
            }
            ... on Image {
              id
              purpose
            }
          }
        }
      }
    }
  }
`);
