/** What is wrong, beside the field that it is about. */

import { labelOf } from '../words.ts';
import type { Problem } from './problems.ts';

export interface ProblemListProps {
  readonly problems: readonly Problem[];
  readonly id?: string;
  /** Takes one of the allowed values. */
  readonly onChoose?: (value: string) => void;
}

export function ProblemList({ problems, id, onChoose }: ProblemListProps) {
  if (problems.length === 0) return null;
  return (
    <div className="problems" id={id} role="alert">
      {problems.map((problem) => (
        <p key={`${problem.field} ${problem.message}`}>
          {problem.message}
          {onChoose &&
            problem.allowed.slice(0, 4).map((value) => (
              <button key={value} type="button" className="quiet" onClick={() => onChoose(value)}>
                {labelOf(value)}
              </button>
            ))}
        </p>
      ))}
    </div>
  );
}
