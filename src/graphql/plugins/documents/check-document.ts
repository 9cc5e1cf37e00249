/** Whether a document, or the variables of an operation, keep within the limits. Each problem names its limit and value. */
import { type DocumentNode, GraphQLError } from 'graphql';
import { FIXED_LIMITS, type LimitName, type OperationLimits } from '../../../domain/limits/operation-limits.ts';
import { type DocumentShape, shapeOf } from './document-shape.ts';

/** The error of an operation that was not executed, because it asks for too much. */
export function limitError(limit: LimitName, max: number, message: string, more: object = {}): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'LIMIT_EXCEEDED', limit, max, ...more, http: { status: 400 } },
  });
}

/** Null when the text may be parsed. */
export function checkText({ length }: string): GraphQLError | null {
  const { maxQueryCharacters: max } = FIXED_LIMITS;
  if (length <= max) return null;
  return limitError('maxQueryCharacters', max, `The document has ${length} characters; at most ${max} are allowed.`);
}

/** Null when the document may be validated. Its operations are checked all together: they are validated together, too. */
export function checkDocument(document: DocumentNode, limits: OperationLimits): GraphQLError | null {
  const lines = document.loc?.endToken.line ?? 0;
  if (lines > FIXED_LIMITS.maxQueryLines) return tooMany('maxQueryLines', lines, 'lines');
  const shape = shapeOf(document);
  return checkSyntax(shape) ?? checkOperations(shape, limits);
}

function checkSyntax(shape: DocumentShape): GraphQLError | null {
  const { maxNesting } = FIXED_LIMITS;
  if (shape.nesting > maxNesting) {
    return limitError('maxNesting', maxNesting, `The document is nested more than ${maxNesting} levels deep.`);
  }
  if (shape.operationCount > FIXED_LIMITS.maxOperations) {
    return tooMany('maxOperations', shape.operationCount, 'operations');
  }
  if (shape.fragments > FIXED_LIMITS.maxFragments) return tooMany('maxFragments', shape.fragments, 'fragments');
  if (shape.aliases > FIXED_LIMITS.maxAliases) return tooMany('maxAliases', shape.aliases, 'aliases');
  if (shape.directives > FIXED_LIMITS.maxDirectives) return tooMany('maxDirectives', shape.directives, 'directives');
  if (shape.longestList > FIXED_LIMITS.maxListLength) return listTooLong(shape.longestList);
  return null;
}

function tooMany(limit: keyof typeof FIXED_LIMITS, count: number, what: string): GraphQLError {
  const { [limit]: max } = FIXED_LIMITS;
  return limitError(limit, max, `The document has ${count} ${what}; at most ${max} are allowed.`);
}

function listTooLong(length: number): GraphQLError {
  const { maxListLength: max } = FIXED_LIMITS;
  return limitError('maxListLength', max, `A list has ${length} items; at most ${max} are allowed.`);
}

function checkOperations({ operations }: DocumentShape, limits: OperationLimits): GraphQLError | null {
  for (const { node, shape } of operations) {
    const { selections, depth, rootFields } = shape;
    const { maxQuerySelections, maxQueryDepth } = limits;
    if (selections > maxQuerySelections) {
      const message =
        `The operation selects ${selections} fields, with its fragments written out; ` +
        `at most ${maxQuerySelections} are allowed.`;
      return limitError('maxQuerySelections', maxQuerySelections, message);
    }
    if (depth > maxQueryDepth) {
      const message = `The operation selects fields ${depth} levels deep; at most ${maxQueryDepth} are allowed.`;
      return limitError('maxQueryDepth', maxQueryDepth, message);
    }
    const limit = node.operation === 'mutation' ? 'maxMutations' : 'maxRootFields';
    if (rootFields > limits[limit]) {
      const message = `The ${node.operation} has ${rootFields} root fields; at most ${limits[limit]} are allowed.`;
      return limitError(limit, limits[limit], message);
    }
  }
  return null;
}

/** Null when the variables may be read. Stops at the first problem, so the time is bounded. */
export function checkVariables(variables: unknown): GraphQLError | null {
  const { maxNesting, maxListLength, maxVariableValues } = FIXED_LIMITS;
  let values = 0;

  function check(value: unknown, nesting: number): GraphQLError | null {
    if (typeof value !== 'object' || value === null) return null;
    if (nesting > maxNesting) {
      return limitError('maxNesting', maxNesting, `The variables are nested more than ${maxNesting} levels deep.`);
    }
    // What was parsed from JSON has no prototype chain to enumerate. The file of an upload has no properties of its own.
    const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (Array.isArray(value) && items.length > maxListLength) return listTooLong(items.length);
    values += items.length;
    if (values > maxVariableValues) {
      const message = `The variables have more than ${maxVariableValues} values.`;
      return limitError('maxVariableValues', maxVariableValues, message);
    }
    for (const item of items) {
      const error = check(item, nesting + 1);
      if (error !== null) return error;
    }
    return null;
  }

  return check(variables, 1);
}
