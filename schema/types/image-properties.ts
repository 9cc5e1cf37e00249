/**
 * What has to be read of the images of a list: what the request selects, which is seldom much of what there is to an image
 * (docs/decisions).
 */
import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import type { Image } from '../../src/domain/image.ts';

/** What each field of Image is made of, besides the id. Any other field needs whole images. */
const NEEDS: Readonly<Partial<Record<string, readonly (keyof Image)[]>>> = {
  __typename: [],
  id: [],
  url: ['format'],
  width: ['width'],
  height: ['height'],
  format: ['format'],
  byteSize: ['byteSize'],
  sha256: ['sha256'],
  origin: ['origin'],
  prompt: ['prompt'],
  revisedPrompt: ['revisedPrompt'],
  verbatim: ['verbatim'],
  requested: ['requested'],
  actual: ['actual'],
  call: ['callId'],
  conversation: ['conversationId'],
  sources: ['callId'],
  refinements: [],
  createdAt: ['createdAt'],
};

type Properties = readonly (keyof Image)[] | undefined;
type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** By a field node, whose document is the same for as long as it lives. */
const known = new WeakMap<FieldNode, Properties>();

/** What the nodes of a connection of images are made of, as far as the request selects it; undefined for all of it. */
export function imagePropertiesFor({ fieldNodes, fragments }: Info): Properties {
  const [only] = fieldNodes;
  if (only === undefined || fieldNodes.length > 1) return undefined;
  if (!known.has(only)) known.set(only, propertiesOf(only, fragments));
  return known.get(only);
}

function propertiesOf(connection: FieldNode, fragments: Info['fragments']): Properties {
  const needed = new Set<keyof Image>(['id']);
  for (const edges of fieldsOf(connection, fragments)) {
    if (edges.name.value !== 'edges') continue;
    for (const node of fieldsOf(edges, fragments)) {
      if (node.name.value !== 'node') continue;
      for (const { name } of fieldsOf(node, fragments)) {
        const needs = NEEDS[name.value];
        if (needs === undefined) return undefined;
        for (const property of needs) needed.add(property);
      }
    }
  }
  return [...needed].sort();
}

/** The fields that a field selects, those of fragments included, whatever `@skip` and `@include` make of them. */
function fieldsOf(
  { selectionSet }: { readonly selectionSet?: SelectionSetNode },
  fragments: Info['fragments'],
): readonly FieldNode[] {
  return (selectionSet?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection, fragments);
    return fieldsOf(fragments[selection.name.value] ?? {}, fragments);
  });
}
