/**
 * Keeps the schema to those who know it: queries about the schema are refused, and error messages suggest no names. It is
 * a rule of validation, so it holds on every way in.
 */
import { GraphQLError, type ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const INTROSPECTION_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type']);

export function useHiddenSchema(): Plugin {
  return {
    onValidate({ addValidationRule, validateFn, setValidationFn }) {
      addValidationRule(NoIntrospection);
      // Envelop has its own idea of the last two arguments, and leaves them out.
      setValidationFn((schema, document, rules) => validateFn(schema, document, rules, { hideSuggestions: true }));
    },
  };
}

/** `__typename` is no introspection: clients ask for it everywhere. */
const NoIntrospection: ValidationRule = (context) => ({
  Field(node) {
    if (!INTROSPECTION_FIELDS.has(node.name.value)) return;
    const message = `Introspection is off, so "${node.name.value}" cannot be queried. The operator can turn it on (INTROSPECTION=on).`;
    context.reportError(new GraphQLError(message, { nodes: node, extensions: { code: 'INTROSPECTION_DISABLED' } }));
  },
});

/** What GraphQL.js adds to its messages about variables, which are checked after the validation. */
const SUGGESTION = / Did you mean (?:the enum value )?(?:"[^"]{1,200}"(?:, or | or |, )?){1,5}\?/gu;

export function withoutSuggestions(message: string): string {
  return message.replaceAll(SUGGESTION, '');
}
