/** Options that few pictures need. */
import { useState } from 'react';

import type { ImageOptionsInput } from '../../gql/graphql.ts';
import { changeDraft, changeOptions, useDraft } from '../prompt/draft.ts';
import { ProblemList } from '../send/problem-list.tsx';
import { problemsAt } from '../send/problems.ts';
import { Choices } from './choices.tsx';
import { type Choice, reasonAgainst } from './limits.ts';
import { ModelChoice, ReaderOption, SvgOptions } from './model-options.tsx';
import { type OptionsPanelProps, ValueChoice } from './options-panel.tsx';

const SHOWN_ABOVE = ['options.size', 'options.quality', 'options.format'];

export function MoreOptions(props: OptionsPanelProps) {
  const { situation, sent, problems } = props;
  const hasProblem = problemsAt(problems, 'options').length > problemsAt(problems, ...SHOWN_ABOVE).length;
  const [isOpen, setOpen] = useState(hasProblem);
  // A problem opens it; it stays open when the problem is solved.
  if (hasProblem && !isOpen) setOpen(true);
  return (
    <details className="more" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>More options</summary>
      <div className="options">
        <ModelChoice situation={situation} problems={problemsAt(problems, 'options.model')} />
        <ValueChoice {...props} name="background" legend="Background" values={['AUTO', 'OPAQUE', 'TRANSPARENT']} />
        <ValueChoice {...props} name="complexity" legend="Planning" values={['AUTO', 'LOW', 'MEDIUM', 'HIGH']} />
        <ValueChoice {...props} name="inputFidelity" legend="Closeness to sources" values={['AUTO', 'LOW', 'HIGH']} />
        <Choices
          legend="Partial images"
          values={['0', '1', '2', '3']}
          value={String(sent.partialImages ?? 2)}
          problems={problemsAt(problems, 'options.partialImages')}
          onChoose={(value) => changeOptions({ partialImages: value === '2' ? null : Number(value) })}
          reasonOf={(value) => reasonAgainst('partialImages', value, situation)}
        />
        <NumberOption {...props} name="compression" label="File quality" unit="%" min={0} max={100} usual={100} />
        <NumberOption {...props} name="frameCount" label="Frames" unit="" min={2} max={16} usual={9} />
        <NumberOption
          {...props}
          name="frameDurationMs"
          label="Each frame"
          unit="ms"
          min={10}
          max={655_350}
          usual={200}
        />
        <Choices
          legend="Content filter"
          values={['AUTO', 'LOW']}
          value={sent.moderation ?? 'AUTO'}
          problems={problemsAt(problems, 'options.moderation')}
          onChoose={(value) => changeOptions({ moderation: value === 'LOW' ? 'LOW' : null })}
          reasonOf={() => null}
          label={(value) => (value === 'LOW' ? 'Less strict' : 'Standard')}
        />
        <SvgOptions {...props} />
        <ReaderOption {...props} />
        <WindowChoice {...props} />
        <Verbatim />
      </div>
    </details>
  );
}

const WINDOWS = ['SOONEST', 'WITHIN_2_HOURS', 'WITHIN_8_HOURS'] as const;

function WindowChoice({ sent, problems }: OptionsPanelProps) {
  return (
    <Choices
      legend="When"
      values={WINDOWS}
      value={sent.completionWindow ?? 'SOONEST'}
      problems={problemsAt(problems, 'options.completionWindow')}
      onChoose={(value) => {
        const window = WINDOWS.find((one) => one === value);
        changeOptions({ completionWindow: window === 'SOONEST' ? null : (window ?? null) });
      }}
      reasonOf={() => null}
    />
  );
}

interface NumberOptionProps extends OptionsPanelProps {
  readonly name: Choice & keyof ImageOptionsInput;
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** What the upstream does when nothing is said. */
  readonly usual: number;
}

function NumberOption({ name, label, unit, min, max, usual, situation, sent, problems }: NumberOptionProps) {
  const reason = reasonAgainst(name, usual, situation);
  const value = sent[name];
  return (
    <fieldset className="choices" disabled={reason !== null}>
      <legend>{label}</legend>
      <label className="edges">
        <input
          type="number"
          inputMode="numeric"
          aria-label={unit === '' ? label : `${label} in ${unit}`}
          min={min}
          max={max}
          placeholder={String(usual)}
          value={typeof value === 'number' ? value : ''}
          onChange={({ target }) => changeOptions({ [name]: target.value === '' ? null : Number(target.value) })}
        />
        <span className="muted">{unit}</span>
      </label>
      {reason !== null && <p className="why">{reason}</p>}
      <ProblemList problems={problemsAt(problems, `options.${name}`)} />
    </fieldset>
  );
}

function Verbatim() {
  const { verbatim } = useDraft();
  return (
    <label className="switch">
      <input type="checkbox" checked={verbatim} onChange={({ target }) => changeDraft({ verbatim: target.checked })} />
      Ask for the prompt to be used unchanged
    </label>
  );
}
