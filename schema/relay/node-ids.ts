/**
 * Resolves the ids of nodes synchronously. The relay plugin's own resolver of `id` is asynchronous; a promise for each
 * of a hundred images costs more than the rest of the page (docs/decisions/2026-11-25-reading-pages.md).
 */
import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { encodeGlobalId } from './global-id.ts';

const NAME = 'nodeIds';
export default NAME;

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      nodeIds: NodeIdsPlugin<Types>;
    }
  }
}

class NodeIdsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { name, parentType, kind }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (name !== 'id' || kind !== 'Object' || !this.#isNode(parentType)) return resolve;
    return (parent) => encodeGlobalId(parentType, (parent as { readonly id: string }).id);
  }

  /** The ids of other types are their own business. */
  #isNode(type: string): boolean {
    const { interfaces } = this.buildCache.getTypeConfig(type, 'Object');
    return interfaces.some((implemented) => this.buildCache.getTypeConfig(implemented).name === 'Node');
  }
}

SchemaBuilder.registerPlugin(NAME, NodeIdsPlugin);
