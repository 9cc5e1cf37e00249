/**
 * A rule of the GraphQL specification of September 2025 that GraphQL.js 16 does not have: the root field of a subscription
 * has no `@skip` or `@include`. Without a root field there is nothing to subscribe to, and GraphQL.js fails.
 */
import { GraphQLError, type SelectionSetNode, type ValidationRule } from 'graphql';

const CONDITIONS: ReadonlySet<string> = new Set(['skip', 'include']);

export const UnconditionalSubscription: ValidationRule = (context) => ({
  OperationDefinition({ operation, selectionSet }) {
    if (operation !== 'subscription') return;
    const seen = new Set<string>();

    function check({ selections }: SelectionSetNode): void {
      for (const selection of selections) {
        const condition = selection.directives?.find(({ name }) => CONDITIONS.has(name.value));
        if (condition !== undefined) {
          const message = `The root field of a subscription must not have the directive "@${condition.name.value}".`;
          context.reportError(new GraphQLError(message, { nodes: condition }));
        }
        if (selection.kind === 'InlineFragment') check(selection.selectionSet);
        if (selection.kind !== 'FragmentSpread' || seen.has(selection.name.value)) continue;
        seen.add(selection.name.value);
        const fragment = context.getFragment(selection.name.value);
        if (fragment != null) check(fragment.selectionSet);
      }
    }

    check(selectionSet);
  },
});
