/** All filters at once. */
import { useId, useState } from 'react';
import { useApi } from '../../api/query.ts';
import { FilterChoicesDocument } from '../../gql/graphql.ts';
import { type Filters, FORMATS, isFiltered, NO_FILTERS, ORIGINS, type Origin } from './filters.ts';
import { TagCompletion, useTags } from './tag-completion.tsx';

const ORIGIN_NAMES: Readonly<Record<Origin, string>> = { generated: 'Made', uploaded: 'Uploaded', all: 'All' };

export interface FilterPanelProps {
  readonly filters: Filters;
  change(filters: Filters): void;
}

export function FilterPanel({ filters, change }: FilterPanelProps) {
  const [{ data }] = useApi(FilterChoicesDocument, {});
  const models = [...new Set([...(data?.models.map(({ name }) => name) ?? []), ...filters.models])];
  return (
    <div className="filters">
      <fieldset>
        <legend>Pictures</legend>
        {ORIGINS.map((origin) => (
          <label key={origin} className="choice">
            <input
              type="radio"
              name="origin"
              checked={filters.origin === origin}
              onChange={() => change({ ...filters, origin })}
            />
            <span>{ORIGIN_NAMES[origin]}</span>
          </label>
        ))}
      </fieldset>
      <TagChoices filters={filters} change={change} />
      <Choices
        legend="Format"
        values={FORMATS}
        chosen={filters.formats}
        change={(formats) => change({ ...filters, formats })}
      />
      <Choices
        legend="Model"
        values={models}
        chosen={filters.models}
        change={(chosen) => change({ ...filters, models: chosen })}
      />
      <fieldset>
        <legend>Time</legend>
        <label>
          from{' '}
          <input
            type="date"
            value={filters.from}
            max={filters.to}
            onChange={({ target }) => change({ ...filters, from: target.value })}
          />
        </label>
        <label>
          to{' '}
          <input
            type="date"
            value={filters.to}
            min={filters.from}
            onChange={({ target }) => change({ ...filters, to: target.value })}
          />
        </label>
      </fieldset>
      {isFiltered({ ...filters, search: '' }) && (
        <button type="button" className="quiet" onClick={() => change({ ...NO_FILTERS, search: filters.search })}>
          Clear the filters
        </button>
      )}
    </div>
  );
}

interface ChoicesProps<Value extends string> {
  readonly legend: string;
  readonly values: readonly Value[];
  readonly chosen: readonly Value[];
  change(chosen: readonly Value[]): void;
}

function Choices<Value extends string>({ legend, values, chosen, change }: ChoicesProps<Value>) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {values.map((value) => (
        <label key={value} className="choice">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) =>
              change(target.checked ? [...chosen, value] : chosen.filter((other) => other !== value))
            }
          />
          <bdi>{value}</bdi>
        </label>
      ))}
    </fieldset>
  );
}

/** The most that are offered; the others can be typed. */
const MAX_OFFERED = 12;

function TagChoices({ filters, change }: FilterPanelProps) {
  const [typed, setTyped] = useState('');
  const list = useId();
  const offered = [...new Set([...filters.tags, ...useTags('', MAX_OFFERED)])];
  return (
    <form
      className="filter-tags"
      onSubmit={(event) => {
        event.preventDefault();
        const tag = typed.trim().toLowerCase();
        if (tag !== '') change({ ...filters, tags: [...new Set([...filters.tags, tag])] });
        setTyped('');
      }}
    >
      <Choices legend="Tags" values={offered} chosen={filters.tags} change={(tags) => change({ ...filters, tags })} />
      <input
        type="text"
        dir="auto"
        aria-label="Another tag"
        placeholder="Another tag"
        list={list}
        maxLength={64}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <TagCompletion id={list} typed={typed} />
    </form>
  );
}
