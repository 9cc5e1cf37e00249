/** What the filters and orders of all lists have in common. */
import { type FieldError, InvalidInputError } from '../../src/domain/errors.ts';
import { hasWords, isFoundByIndex, type SearchedList } from '../../src/domain/found-lists.ts';
import { searchProblem } from '../../src/domain/search-words.ts';
import { builder } from '../builder.ts';
import type { SortedBy } from '../context.ts';
import { enumOf } from '../types/images/image-settings.ts';

const SORT_DIRECTIONS = ['ASC', 'DESC'] as const;
export const SortDirectionRef = enumOf('SortDirection', 'The direction of an order.', SORT_DIRECTIONS, {
  ASC: 'Ascending: oldest first, or the least relevant first.',
  DESC: 'Descending: newest first, or the most relevant first.',
});

/**
 * The input `<name>` by which a list is ordered, and the enum of its fields.
 * @param items what the list has, in the plural
 */
export function orderInput<Field extends string>(
  name: string,
  items: string,
  fields: readonly Field[],
  descriptions: Readonly<Record<Field, string>>,
) {
  const FieldRef = enumOf(`${name}Field`, `The fields by which ${items} can be ordered.`, fields, descriptions);
  return builder.inputType(name, {
    description: `The order of a list of ${items}.`,
    fields: (t) => ({
      field: t.field({ type: FieldRef, required: true, description: 'The field to order by.' }),
      direction: t.field({
        type: SortDirectionRef,
        defaultValue: 'DESC',
        required: true,
        description: 'The direction of the order.',
      }),
    }),
  });
}

export const RELEVANCE_DESCRIPTION =
  'How well an item fits the search, for which `filter.search` is required: of the newest 1000 that were found, those with the ' +
  'shortest text first, since it is about little else; then the older ones, newest first.';

export const SEARCH_DESCRIPTION =
  'Every word must be found, in any order, upper or lower case, with or without accents; the last one also as the beginning ' +
  'of a word. Nothing in the text is syntax. A text without words does not restrict the list.';

/** Values of one list of a filter. Each can be a query of its own. */
const MAX_VALUES = 20;

interface Given {
  readonly search?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly formats?: readonly string[] | null | undefined;
  readonly models?: readonly string[] | null | undefined;
}

/** @throws {InvalidInputError} */
export function checkFilter(filter: Given | null | undefined): void {
  if (filter == null) return;
  const errors: FieldError[] = [];
  const problem = searchProblem(filter.search ?? '');
  if (problem !== null) errors.push({ field: 'filter.search', message: problem });
  for (const name of ['tags', 'formats', 'models'] as const) {
    const count = filter[name]?.length ?? 0;
    if (count > MAX_VALUES) {
      errors.push({ field: `filter.${name}`, message: `has ${count} values; at most ${MAX_VALUES} are allowed.` });
    }
  }
  if (errors.length > 0) throw new InvalidInputError(errors);
}

/**
 * What a list is sorted by that is not sorted by its last changes: by relevance, or by creation.
 * @throws {InvalidInputError} when it is to be sorted by relevance without a search
 */
export function sortedByCreation(
  filter: SearchedList,
  order: 'CREATED_AT' | 'RELEVANCE' | null | undefined,
): SortedBy | undefined {
  if (order === 'RELEVANCE' && filter.search == null) {
    throw new InvalidInputError([{ field: 'orderBy.field', message: 'RELEVANCE requires `filter.search`.' }]);
  }
  if (order === 'RELEVANCE' && hasWords(filter)) return 'relevance';
  return isFoundByIndex(filter) ? 'found' : undefined;
}

/** The input without nulls, which mean the same as what is left out. */
export function withoutNulls<Input extends object>(
  input: Input | null | undefined,
): { [Key in keyof Input]?: Exclude<Input[Key], null> } {
  const given = Object.entries(input ?? {}).filter(([, value]) => value !== null);
  // The same entries, but for those that are null.
  return Object.fromEntries(given) as { [Key in keyof Input]?: Exclude<Input[Key], null> };
}
