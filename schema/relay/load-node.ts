/** Loads nodes by their ids. What is no id of a node is null, like an id that nobody has. */
import { brandWithType } from '@pothos/core';
import type { Context } from '../context.ts';
import { NODE_TYPES, type NodeType } from './global-id.ts';

/** An id that decodes to nothing: the relay plugin decodes ids before anything can turn them into null. */
export const NO_NODE = { typename: '', id: '' };

type Load = (reader: Context['reader'], id: string) => Promise<object | null>;

const LOADERS: Readonly<Record<NodeType, Load>> = {
  Image: (reader, id) => reader.image(id),
  Conversation: (reader, id) => reader.conversation(id),
  GenerationCall: (reader, id) => reader.call(id),
};

export async function loadNode(
  { typename, id }: { readonly typename: string; readonly id: string },
  { reader }: Pick<Context, 'reader'>,
): Promise<object | null> {
  const type = NODE_TYPES.find((name) => name === typename);
  if (type === undefined) return null;
  const node = await LOADERS[type](reader, id);
  // Tells the interface which type it is. Names are refs, too, but only the builder knows which, and it imports this file.
  if (node !== null) brandWithType(node, type as never);
  return node;
}
