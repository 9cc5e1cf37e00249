/** Words to choose one of. Those that cannot be chosen say why. */
import { type ReactNode, useId } from 'react';
import { ProblemList } from '../send/problem-list.tsx';
import type { Problem } from '../send/problems.ts';
import { labelOf } from '../words.ts';

export interface ChoicesProps {
  readonly legend: string;
  readonly values: readonly string[];
  readonly value: string;
  readonly problems: readonly Problem[];
  readonly onChoose: (value: string) => void;
  /** Why a value cannot be chosen; null when it can. */
  readonly reasonOf: (value: string) => string | null;
  readonly label?: (value: string) => ReactNode;
  /** Whether they stand in lines of three where the screen is narrow: for six short words. */
  readonly isEven?: boolean;
  readonly children?: ReactNode;
}

export function Choices(props: ChoicesProps) {
  const { legend, values, value, problems, onChoose, reasonOf, label, isEven = false, children } = props;
  const id = useId();
  const reasons = new Map(values.map((one) => [one, reasonOf(one)]));
  const sentences = [...new Set(reasons.values())].filter((reason) => reason !== null);
  return (
    <fieldset className="choices" aria-describedby={sentences.length > 0 ? `${id}why` : undefined}>
      <legend>{legend}</legend>
      <div className="words" data-even={isEven || undefined}>
        {values.map((one) => (
          <label key={one} title={reasons.get(one) ?? undefined}>
            <input
              type="radio"
              className="visually-hidden"
              name={id}
              value={one}
              checked={one === value}
              disabled={reasons.get(one) !== null}
              onChange={() => onChoose(one)}
            />
            <span>{label?.(one) ?? labelOf(one)}</span>
          </label>
        ))}
      </div>
      {children}
      {sentences.length > 0 && (
        <p id={`${id}why`} className="why">
          {sentences.join(' ')}
        </p>
      )}
      <ProblemList problems={problems} onChoose={onChoose} />
    </fieldset>
  );
}
