/** Searching as one types, and the filters. What they say is in the address. */
import { useEffect, useId, useRef, useState } from 'react';
import { CloseIcon, FilterIcon, HeartIcon, SearchIcon } from '../../pictures/icons.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { type Filters, NO_FILTERS, ORDERS, type Order, writeFilters } from './filters.ts';
import './search-bar.css';

const TYPING_MS = 180;

const ORDER_NAMES: Readonly<Record<Order, string>> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  best: 'Best match',
};

export interface SearchBarProps {
  readonly filters: Filters;
  change(filters: Filters): void;
}

export function SearchBar({ filters, change }: SearchBarProps) {
  const [isOpen, setOpen] = useState(false);
  const panelId = useId();
  const count = writeFilters({ ...filters, search: '', isFavorite: false, order: 'newest' }).size;
  return (
    <search className="search-bar">
      <SearchBox search={filters.search} change={(search) => change({ ...filters, search })} />
      <button
        type="button"
        className="quiet search-toggle search-favorites"
        aria-pressed={filters.isFavorite}
        onClick={() => change({ ...filters, isFavorite: !filters.isFavorite })}
      >
        <HeartIcon isFilled={filters.isFavorite} />
        <span>Favourites</span>
      </button>
      <button
        type="button"
        className="quiet search-toggle"
        aria-expanded={isOpen}
        aria-controls={panelId}
        onClick={() => setOpen(!isOpen)}
      >
        <FilterIcon />
        <span>Filters{count > 0 && ` (${count})`}</span>
      </button>
      <select
        className="search-order"
        aria-label="Order"
        value={filters.order}
        onChange={({ target }) =>
          change({ ...filters, order: ORDERS.find((order) => order === target.value) ?? 'newest' })
        }
      >
        {ORDERS.map((order) => (
          <option key={order} value={order} disabled={order === 'best' && filters.search.trim() === ''}>
            {ORDER_NAMES[order]}
          </option>
        ))}
      </select>
      <div id={panelId} className="search-panel" hidden={!isOpen}>
        {isOpen && <FilterPanel filters={filters} change={change} />}
      </div>
      {!isOpen && count > 0 && <ActiveFilters filters={filters} change={change} />}
    </search>
  );
}

function SearchBox({ search, change }: { readonly search: string; readonly change: (search: string) => void }) {
  const [typed, setTyped] = useState(search);
  const sent = useRef(search);
  const [isComposing, setComposing] = useState(false);
  const send = useRef(change);
  useEffect(() => {
    send.current = change;
  });
  useEffect(() => {
    // Another address was chosen meanwhile, such as by going back.
    if (search !== sent.current) setTyped(search);
    sent.current = search;
  }, [search]);
  useEffect(() => {
    if (typed === sent.current || isComposing) return;
    const timer = setTimeout(() => {
      sent.current = typed;
      send.current(typed);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, isComposing]);
  return (
    <label className="search-box">
      <SearchIcon />
      <span className="visually-hidden">Search the pictures</span>
      <input
        id="gallery-search"
        type="search"
        dir="auto"
        placeholder="Search prompts and tags"
        autoComplete="off"
        value={typed}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onChange={({ target }) => setTyped(target.value)}
      />
      {typed !== '' && (
        <button type="button" className="quiet search-clear" aria-label="Clear the search" onClick={() => setTyped('')}>
          <CloseIcon />
        </button>
      )}
    </label>
  );
}

interface Chip {
  readonly text: string;
  readonly without: Filters;
}

function ActiveFilters({ filters, change }: Pick<SearchBarProps, 'filters' | 'change'>) {
  return (
    <ul className="search-chips" aria-label="Active filters">
      {chipsOf(filters).map(({ text, without }) => (
        <li key={text}>
          <button type="button" aria-label={`Without the filter: ${text}`} onClick={() => change(without)}>
            <bdi>{text}</bdi> <span aria-hidden>×</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function chipsOf(filters: Filters): readonly Chip[] {
  const { origin, tags, formats, models, from, to } = filters;
  return [
    ...(origin === NO_FILTERS.origin
      ? []
      : [
          {
            text: origin === 'all' ? 'Made and uploaded' : 'Uploaded',
            without: { ...filters, origin: NO_FILTERS.origin },
          },
        ]),
    ...tags.map((tag) => ({ text: tag, without: { ...filters, tags: tags.filter((other) => other !== tag) } })),
    ...formats.map((format) => ({
      text: format,
      without: { ...filters, formats: formats.filter((other) => other !== format) },
    })),
    ...models.map((model) => ({
      text: model,
      without: { ...filters, models: models.filter((other) => other !== model) },
    })),
    ...(from === '' ? [] : [{ text: `since ${from}`, without: { ...filters, from: '' } }]),
    ...(to === '' ? [] : [{ text: `until ${to}`, without: { ...filters, to: '' } }]),
  ];
}
