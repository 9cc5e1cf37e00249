/**
 * Parses and validates documents within limits, and remembers those that come again. In place of Yoga's own cache, which
 * counts documents and not their size, and of graphql.js' parser without limits.
 *
 * The checks have an order: the text, its tokens, the document by its syntax, validation, and the cost of the operation.
 * Each bounds the time of the next. All of them come before the operation is compiled or executed.
 */
import { type DocumentNode, GraphQLError, parse, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { OperationLimits } from '../../../domain/limits/operation-limits.ts';
import type { ServerContext } from '../../server-context.ts';
import { checkDocument, checkText, checkVariables, limitError } from './check-document.ts';
import { costOf } from './operation-cost.ts';
import { UnconditionalSubscription } from './unconditional-subscription.ts';

/** What is remembered, in bytes of memory; an estimate. */
const CACHE_BYTES = 16_777_216;
/** Longer documents are not remembered: no client sends many of them. */
const MAX_CACHED_CHARACTERS = 20_000;
/** A document in memory is a token and a node or two for each word, besides its text. */
const BYTES_PER_TOKEN = 400;
const BYTES_PER_CHARACTER = 2;
/** Error messages quote the document. */
const MAX_MESSAGE_CHARACTERS = 1_000;

/** What was found out about a document, for as long as the document is remembered or used. */
interface Facts {
  /** Why it must not be validated; null when it may. */
  readonly refusal: GraphQLError | null;
  /** The results of validation, by the names of the rules that plugins had added before. */
  readonly errors: Map<string, readonly GraphQLError[]>;
}

export function useDocuments(limits: OperationLimits): Plugin<ServerContext> {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ loc, tokenCount = 0 }: DocumentNode) =>
      (loc?.end ?? 0) * BYTES_PER_CHARACTER + tokenCount * BYTES_PER_TOKEN + 1,
  });
  const facts = new WeakMap<DocumentNode, Facts>();
  const namesOf = createNames();

  function factsOf(document: DocumentNode): Facts {
    const known = facts.get(document);
    if (known !== undefined) return known;
    const found = { refusal: checkDocument(document, limits), errors: new Map() };
    facts.set(document, found);
    return found;
  }

  return {
    onParse({ params: { source }, setParsedDocument, setParseFn }) {
      const text = textOf(source);
      const known = documents.get(text);
      if (known !== undefined) return void setParsedDocument(known);
      const refusal = checkText(text);
      if (refusal !== null) throw refusal;
      setParseFn((given, options) => parseWithin(limits, given, options));
      return ({ result }) => {
        if (text.length <= MAX_CACHED_CHARACTERS && isDocument(result)) documents.set(text, result);
      };
    },

    onValidate({ context, params: { schema, documentAST: document, rules }, addValidationRule, setResult }) {
      // Yoga's context has the parameters of the operation; the type of any plugin does not know.
      const { operationName, variables } = context['params'] as OperationParams;
      const { refusal, errors } = factsOf(document);
      const problem = refusal ?? checkVariables(variables);
      if (problem !== null) return void setResult([problem]);
      const key = namesOf(rules);
      const known = errors.get(key);
      if (known !== undefined) return void setResult([...known, ...(known.length === 0 ? costProblems() : [])]);
      addValidationRule(UnconditionalSubscription);
      return ({ valid, result, setResult: replaceResult }) => {
        // The types of Envelop know no result of validation.
        const found = (result as readonly GraphQLError[]).map(shortened);
        errors.set(key, found);
        replaceResult(valid ? costProblems() : [...found]);
      };

      function costProblems(): GraphQLError[] {
        const { points } = costOf({ schema, document, operationName, variableValues: variables });
        return points <= limits.maxQueryCost ? [] : [tooExpensive(points, limits.maxQueryCost)];
      }
    },
  };
}

interface OperationParams {
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/** Envelop's types say nothing of what rules are. */
type Rules = readonly { readonly name: string }[];

/** Names rules. Every operation has the same ones, in another list. */
function createNames(): (rules: Rules | undefined) => string {
  let last: Rules = [];
  let names = '';
  return (rules = []) => {
    if (rules.length !== last.length || rules.some((rule, index) => rule !== last[index])) {
      last = [...rules];
      names = rules.map(({ name }) => name).join();
    }
    return names;
  };
}

function textOf(source: string | Source): string {
  return typeof source === 'string' ? source : source.body;
}

function isDocument(result: unknown): result is DocumentNode {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'Document';
}

function parseWithin(
  { maxQueryTokens: max }: OperationLimits,
  source: string | Source,
  options: Parameters<typeof parse>[1],
): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens: max });
  } catch (error) {
    // graphql.js throws the same class for a document with too many tokens and for one that is no GraphQL.
    const isTooLong = error instanceof GraphQLError && /contains more (that|than) \d+ tokens/u.test(error.message);
    if (!isTooLong && !(error instanceof RangeError)) throw error;
    throw limitError('maxQueryTokens', max, `The document has more than ${max} tokens.`);
  }
}

function shortened(error: GraphQLError): GraphQLError {
  const { message, nodes = null, source = null, positions = null, path = null, extensions } = error;
  if (message.length <= MAX_MESSAGE_CHARACTERS) return error;
  const short = `${message.slice(0, MAX_MESSAGE_CHARACTERS)}…`;
  return new GraphQLError(short, { nodes, source, positions, path, extensions });
}

function tooExpensive(cost: number, max: number): GraphQLError {
  const advice = 'Ask for smaller pages, or for less within them.';
  return limitError('maxQueryCost', max, `The operation costs ${cost} points; at most ${max} are allowed. ${advice}`, {
    cost,
  });
}
