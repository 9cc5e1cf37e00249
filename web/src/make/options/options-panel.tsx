/** The options of the next picture: the three that matter most, and the others below. */
import type { ImageOptionsInput } from '../../gql/graphql.ts';
import { changeOptions, useDraft } from '../prompt/draft.ts';
import { type Problem, problemsAt } from '../send/problems.ts';
import { Choices } from './choices.tsx';
import { type Choice, reasonAgainst, type Situation } from './limits.ts';
import { MoreOptions } from './more-options.tsx';
import { SizeChoice } from './size-choice.tsx';

export interface OptionsPanelProps {
  readonly situation: Situation;
  /** What is sent of them. */
  readonly sent: ImageOptionsInput;
  readonly problems: readonly Problem[];
}

export function OptionsPanel({ situation, sent, problems }: OptionsPanelProps) {
  const at = (name: string) => problemsAt(problems, `options.${name}`);
  return (
    <div className="options">
      <SizeChoice
        size={sent.size ?? 'auto'}
        situation={situation}
        problems={at('size')}
        onChoose={(size) => changeOptions({ size })}
      />
      <ValueChoice
        name="quality"
        legend="Quality"
        values={['AUTO', 'LOW', 'MEDIUM', 'HIGH', 'XHIGH', 'MAX']}
        {...{ situation, sent, problems }}
      />
      <ValueChoice
        name="format"
        legend="Format"
        values={['PNG', 'WEBP', 'JPEG', 'GIF', 'SVG']}
        {...{ situation, sent, problems }}
      />
      <MoreOptions {...{ situation, sent, problems }} />
      <ResetOptions />
    </div>
  );
}

export interface ValueChoiceProps extends OptionsPanelProps {
  readonly name: Choice & keyof ImageOptionsInput;
  readonly legend: string;
  /** The first one is what the upstream does when nothing is said. */
  readonly values: readonly string[];
}

export function ValueChoice({ name, legend, values, situation, sent, problems }: ValueChoiceProps) {
  const [usual = ''] = values;
  return (
    <Choices
      legend={legend}
      values={values}
      value={String(sent[name] ?? usual)}
      problems={problemsAt(problems, `options.${name}`)}
      onChoose={(value) => changeOptions({ [name]: value === usual ? null : value })}
      reasonOf={(value) => (value === usual ? null : reasonAgainst(name, value, situation))}
      isEven={values.length === 6}
    />
  );
}

function ResetOptions() {
  const { options } = useDraft();
  const chosen = Object.entries(options).filter(([, value]) => value != null);
  if (chosen.length === 0) return null;
  const nothing = Object.fromEntries(chosen.map(([name]) => [name, null]));
  return (
    <button type="button" className="quiet" onClick={() => changeOptions(nothing)}>
      Back to the defaults
    </button>
  );
}
