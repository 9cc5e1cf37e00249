/**
 * Which properties of the images of a list have to be read: only those that the document selects, which is usually a
 * small part of an image (docs/decisions/2026-11-25-reading-pages.md).
 */
import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import type { Image } from '../../../src/domain/images/image.ts';

/** The properties that each field of Image needs, besides the id. A field missing here needs the whole image. */
const NEEDS: Readonly<Partial<Record<string, readonly (keyof Image)[]>>> = {
  __typename: [],
  id: [],
  url: ['format'],
  width: ['width'],
  height: ['height'],
  format: ['format'],
  byteSize: ['byteSize'],
  sha256: ['sha256'],
  imageIndex: ['callId', 'imageIndex'],
  origin: ['origin'],
  purpose: ['origin', 'purpose'],
  prompt: ['prompt'],
  revisedPrompt: ['revisedPrompt'],
  verbatim: ['verbatim'],
  requested: ['requested'],
  actual: ['actual'],
  call: ['callId'],
  conversation: ['conversationId'],
  sources: ['callId'],
  refinements: [],
  ancestors: [],
  deletedSourceIds: ['callId'],
  createdAt: ['createdAt'],
  favorite: ['favorite'],
  tags: [],
  deletedAt: ['deletedAt'],
};

type Properties = readonly (keyof Image)[] | undefined;
type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** Results by field node: parsed documents are cached, so the same node is seen again. */
const known = new WeakMap<FieldNode, Properties>();

/** The properties needed for the selected fields of a connection of images; undefined for all properties. */
export function imagePropertiesFor({ fieldNodes, fragments }: Info): Properties {
  const [only] = fieldNodes;
  if (only === undefined || fieldNodes.length > 1) return undefined;
  if (!known.has(only)) known.set(only, propertiesOf(only, fragments));
  return known.get(only);
}

function propertiesOf(connection: FieldNode, fragments: Info['fragments']): Properties {
  const needed = new Set<keyof Image>(['id']);
  for (const node of nodesOf(connection, fragments)) {
    for (const { name } of fieldsOf(node, fragments)) {
      const needs = NEEDS[name.value];
      if (needs === undefined) return undefined;
      for (const property of needs) needed.add(property);
    }
  }
  return [...needed].sort();
}

/** Where a connection selects fields of its items: in `nodes`, and in the `node` of its edges. */
function nodesOf(connection: FieldNode, fragments: Info['fragments']): readonly FieldNode[] {
  return fieldsOf(connection, fragments).flatMap((field) => {
    if (field.name.value === 'nodes') return [field];
    if (field.name.value !== 'edges') return [];
    return fieldsOf(field, fragments).filter(({ name }) => name.value === 'node');
  });
}

/** The fields that a field selects, including those of fragments. Ignores `@skip` and `@include`. */
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
