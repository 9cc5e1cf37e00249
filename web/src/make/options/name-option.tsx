/** An option that is the name of a model, which the server does not list: it is written, and the usual one stands there grey. */
import { useId } from 'react';
import { ProblemList } from '../send/problem-list.tsx';
import type { Problem } from '../send/problems.ts';

export interface NameOptionProps {
  readonly label: string;
  readonly value: string;
  /** What is used when nothing is written. */
  readonly usual: string;
  readonly problems: readonly Problem[];
  /** Why nothing can be written; null when it can. */
  readonly reason: string | null;
  /** A few words about it. */
  readonly hint?: string;
  /** Takes what was written; null for the usual one. */
  readonly onChange: (name: string | null) => void;
}

export function NameOption({ label, value, usual, problems, reason, hint, onChange }: NameOptionProps) {
  const id = useId();
  const words = reason ?? hint;
  return (
    <fieldset className="choices" disabled={reason !== null}>
      <legend>{label}</legend>
      <NameInput
        label={label}
        value={value}
        usual={usual}
        describedBy={words === undefined ? undefined : id}
        onChange={onChange}
      />
      {words !== undefined && (
        <p id={id} className="why">
          {words}
        </p>
      )}
      <ProblemList problems={problems} />
    </fieldset>
  );
}

export interface NameInputProps extends Pick<NameOptionProps, 'label' | 'value' | 'usual' | 'onChange'> {
  readonly suggestions?: readonly string[];
  readonly describedBy?: string | undefined;
}

/** A name has no spaces, and keyboards of phones change nothing in it. */
export function NameInput({ label, value, usual, suggestions = [], describedBy, onChange }: NameInputProps) {
  const id = useId();
  return (
    <>
      <input
        type="text"
        className="name"
        dir="ltr"
        aria-label={label}
        aria-describedby={describedBy}
        list={suggestions.length > 0 ? id : undefined}
        placeholder={usual}
        maxLength={200}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={({ target }) => onChange(target.value.trim() === '' ? null : target.value.trim())}
      />
      {suggestions.length > 0 && (
        <datalist id={id}>
          {suggestions.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
    </>
  );
}
