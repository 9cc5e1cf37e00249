/** What happens to images, for the lists that show them: told by the server's events, and by this page before those arrive. */
import type { ImageTileFragment, LiveSubscription } from '../gql/graphql.ts';

export type ImageChange =
  | { readonly kind: 'added'; readonly image: ImageTileFragment }
  | { readonly kind: 'updated'; readonly image: ImageTileFragment }
  | { readonly kind: 'restored'; readonly image: ImageTileFragment }
  | { readonly kind: 'deleted'; readonly imageId: string }
  | { readonly kind: 'purged'; readonly imageId: string }
  /** Many at once, or nobody knows which: lists load again. */
  | { readonly kind: 'many' };

type Listener = (change: ImageChange) => void;

const listeners = new Set<Listener>();

export function onImageChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellImageChange(change: ImageChange): void {
  for (const listener of listeners) listener(change);
}

/** Tells what an event of the viewer changes. */
export function tellEvent(event: LiveSubscription['viewerEvents']): void {
  const change = changeOf(event);
  if (change !== null) tellImageChange(change);
}

function changeOf(event: LiveSubscription['viewerEvents']): ImageChange | null {
  switch (event.__typename) {
    case 'ImageCompleted':
      return { kind: 'added', image: event.image };
    case 'ImageUploaded':
      return event.current && { kind: 'added', image: event.current };
    case 'ImageUpdated':
      return event.current && { kind: 'updated', image: event.current };
    case 'ImageRestored':
      return event.current && { kind: 'restored', image: event.current };
    case 'ImageDeleted':
      return { kind: 'deleted', imageId: event.imageId };
    case 'ImagePurged':
      return { kind: 'purged', imageId: event.imageId };
    case 'ConversationDeleted':
    case 'ConversationRestored':
    case 'ConversationPurged':
      return { kind: 'many' };
    default:
      return null;
  }
}
