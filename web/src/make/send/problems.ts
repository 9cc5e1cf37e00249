/** What is wrong with a request, each problem with the field that it is about. */
import type { ProblemFragment } from '../../gql/graphql.ts';

export interface Problem {
  /** The path within the input, such as `options.size`; null for one of the whole request. */
  readonly field: string | null;
  readonly message: string;
  /** Values to choose instead. */
  readonly allowed: readonly string[];
}

export function problemsOf(error: ProblemFragment): readonly Problem[] {
  switch (error.__typename) {
    case 'InvalidInputError':
      return error.fields.map(({ field, message }) => ({ field, message: sentence(message), allowed: [] }));
    case 'UnsupportedOptionError':
      return [{ field: error.option, message: error.message, allowed: error.allowed }];
    case 'NotFoundError':
    case 'InTrashError':
      return [{ field: error.field, message: error.message, allowed: [] }];
    case 'RateLimitedError':
      return [whole(`${error.message}${timeOf(error.retryAfter, 'Try again at')}`)];
    case 'BudgetExceededError':
      return [whole(`${error.message}${timeOf(error.resetsAt, 'The budget starts again at')}`)];
    default:
      return [whole(error.message)];
  }
}

export function whole(message: string): Problem {
  return { field: null, message, allowed: [] };
}

/** Those of a field, and of what is within it. */
export function problemsAt(problems: readonly Problem[], ...fields: readonly string[]): readonly Problem[] {
  return problems.filter(
    ({ field }) => field !== null && fields.some((name) => field === name || field.startsWith(`${name}.`)),
  );
}

/** The message of a field goes on behind the name of the field. */
function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

function timeOf(time: string | null, words: string): string {
  if (time === null) return '';
  const at = new Date(time);
  const isToday = at.toDateString() === new Date().toDateString();
  const text = isToday
    ? at.toLocaleTimeString(undefined, { timeStyle: 'short' })
    : at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return ` ${words} ${text}.`;
}
