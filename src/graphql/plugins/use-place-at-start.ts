/**
 * `Viewer.cursor` marks the place of a query in everything that happens. It is read before the other fields, wherever it
 * stands in the document: what is stored in between is shown by the query or comes behind the cursor, and is never missed.
 */
import { type DocumentNode, visit } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ServerContext } from '../server-context.ts';

export function usePlaceAtStart(): Plugin<ServerContext> {
  const known = new WeakMap<DocumentNode, boolean>();

  function asksForPlace(document: DocumentNode): boolean {
    const asks = known.get(document) ?? namesPlace(document);
    known.set(document, asks);
    return asks;
  }

  return {
    onExecute({ args }) {
      if (!asksForPlace(args.document)) return undefined;
      const place = placeOf(args.contextValue);
      // An error is told where the field is resolved.
      return place?.then(doNothing, doNothing);
    },
  };
}

/** Whether both names are in it. If they are not within each other, one lookup was for nothing. */
function namesPlace(document: DocumentNode): boolean {
  const names = new Set<string>();
  visit(document, { Field: ({ name }) => void names.add(name.value) });
  return names.has('viewer') && names.has('cursor');
}

/** Tests and plugins may run operations without it. */
function placeOf(context: unknown): Promise<unknown> | undefined {
  return (context as { readonly placeAtStart?: () => Promise<unknown> } | undefined)?.placeAtStart?.();
}

function doNothing(): void {}
