/** Which pictures the gallery shows, as its address says. */
import type { GalleryQueryVariables, ImageFilter, ImageFormat } from '../../gql/graphql.ts';

export type Origin = 'generated' | 'uploaded' | 'all';
export type Order = 'newest' | 'oldest' | 'best';

export interface Filters {
  readonly search: string;
  readonly origin: Origin;
  readonly isFavorite: boolean;
  readonly tags: readonly string[];
  readonly formats: readonly ImageFormat[];
  readonly models: readonly string[];
  /** The first day, such as `2026-11-01`; empty for no limit. */
  readonly from: string;
  /** The last day, as `from`. */
  readonly to: string;
  readonly order: Order;
}

export const ORIGINS: readonly Origin[] = ['generated', 'uploaded', 'all'];
export const ORDERS: readonly Order[] = ['newest', 'oldest', 'best'];
export const FORMATS: readonly ImageFormat[] = ['PNG', 'JPEG', 'WEBP', 'GIF', 'SVG'];

export const NO_FILTERS: Filters = {
  search: '',
  origin: 'generated',
  isFavorite: false,
  tags: [],
  formats: [],
  models: [],
  from: '',
  to: '',
  order: 'newest',
};

const DAY = /^\d{4}-\d{2}-\d{2}$/u;

export function readFilters(query: URLSearchParams): Filters {
  const day = (name: string) => [query.get(name) ?? ''].find(isDay) ?? '';
  return {
    search: query.get('q') ?? '',
    origin: ORIGINS.find((origin) => origin === query.get('origin')) ?? 'generated',
    isFavorite: query.has('favorite'),
    tags: query.getAll('tag'),
    formats: FORMATS.filter((format) => query.getAll('format').includes(format.toLowerCase())),
    models: query.getAll('model'),
    from: day('from'),
    to: day('to'),
    order: ORDERS.find((order) => order === query.get('order')) ?? 'newest',
  };
}

function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(startOf(text).getTime());
}

/** Only what differs from no filters at all. */
export function writeFilters(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  if (filters.search !== '') query.set('q', filters.search);
  if (filters.origin !== 'generated') query.set('origin', filters.origin);
  if (filters.isFavorite) query.set('favorite', '');
  for (const tag of filters.tags) query.append('tag', tag);
  for (const format of filters.formats) query.append('format', format.toLowerCase());
  for (const model of filters.models) query.append('model', model);
  if (filters.from !== '') query.set('from', filters.from);
  if (filters.to !== '') query.set('to', filters.to);
  if (filters.order !== 'newest') query.set('order', filters.order);
  return query;
}

/** Whether this leaves out pictures that the gallery shows otherwise. */
export function isFiltered(filters: Filters): boolean {
  return writeFilters({ ...filters, order: 'newest' }).size > 0;
}

export type ListVariables = Pick<GalleryQueryVariables, 'filter' | 'orderBy'>;

export function variablesOf(filters: Filters): ListVariables {
  const { search, origin, isFavorite, tags, formats, models, from, to, order } = filters;
  const hasWords = search.trim() !== '';
  const filter: ImageFilter = {
    ...(hasWords ? { search } : {}),
    ...(origin === 'all' ? {} : { origin: origin === 'generated' ? 'GENERATED' : 'UPLOADED' }),
    ...(isFavorite ? { favorite: true } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(formats.length > 0 ? { formats } : {}),
    ...(models.length > 0 ? { models } : {}),
    // The days are those of the person who looks; the API has moments, and leaves out the limits themselves.
    ...(from === '' ? {} : { createdAfter: new Date(startOf(from).getTime() - 1).toISOString() }),
    ...(to === '' ? {} : { createdBefore: dayAfter(to).toISOString() }),
  };
  if (order === 'best' && hasWords) return { filter, orderBy: { field: 'RELEVANCE', direction: 'DESC' } };
  return { filter, orderBy: { field: 'CREATED_AT', direction: order === 'oldest' ? 'ASC' : 'DESC' } };
}

function startOf(day: string): Date {
  return new Date(`${day}T00:00:00`);
}

function dayAfter(day: string): Date {
  const date = startOf(day);
  date.setDate(date.getDate() + 1);
  return date;
}
