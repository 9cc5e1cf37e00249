/** Which models work on the picture: the one that draws it, the one that reads the prompt, and the one that writes an SVG. */
import { useState } from 'react';
import type { ImageOptionsInput } from '../../gql/graphql.ts';
import { changeOptions } from '../prompt/draft.ts';
import { type Problem, problemsAt } from '../send/problems.ts';
import { labelOf } from '../words.ts';
import { Choices } from './choices.tsx';
import { reasonAgainst, type Situation } from './limits.ts';
import { NameInput, NameOption } from './name-option.tsx';
import type { OptionsPanelProps } from './options-panel.tsx';

export interface ModelChoiceProps {
  readonly situation: Situation;
  readonly problems: readonly Problem[];
}

const OTHER = 'other';

/** By its name, from the catalogue; or by another one, such as a dated name, which the upstream may know. */
export function ModelChoice({ situation, problems }: ModelChoiceProps) {
  const { models, options } = situation;
  const chosen = options.model ?? '';
  const names = models.map(({ name }) => name);
  const isListed = chosen === '' || names.includes(chosen);
  const [isNaming, setNaming] = useState(!isListed);
  const isOther = isNaming || !isListed;
  const usual = models.find(({ isDefault }) => isDefault);
  const retired = models.filter(({ status }) => status === 'RETIRED').map(({ name }) => name);

  function choose(name: string) {
    setNaming(name === OTHER);
    changeOptions({ model: name === '' || name === OTHER ? null : name });
  }

  return (
    <Choices
      legend="Model"
      values={['', ...names, OTHER]}
      value={isOther ? OTHER : chosen}
      problems={problems}
      onChoose={choose}
      reasonOf={(name) => (retired.includes(name) ? successorOf(name, situation) : null)}
      label={(name) => (name === '' ? `Default${usual ? ` (${usual.name})` : ''}` : name === OTHER ? 'Other' : name)}
    >
      {isOther && (
        <NameInput
          label="Name of the model"
          value={chosen}
          usual={usual?.name ?? ''}
          suggestions={models.flatMap(({ status, snapshots }) => (status === 'RETIRED' ? [] : snapshots))}
          onChange={(name) => changeOptions({ model: name })}
        />
      )}
    </Choices>
  );
}

function successorOf(name: string, { models }: Situation): string {
  const successor = models.find((model) => model.name === name)?.successor;
  return `${name} was shut down${successor ? `: use ${successor}` : ''}.`;
}

/** The mainline model. */
export function ReaderOption({ situation, sent, problems }: OptionsPanelProps) {
  return (
    <NameOption
      label="Language model"
      value={sent.mainlineModel ?? ''}
      usual={situation.mainline ?? ''}
      problems={problemsAt(problems, 'options.mainlineModel')}
      reason={null}
      hint="It reads the prompt, and tells the image model what to draw."
      onChange={(name) => changeOptions({ mainlineModel: name })}
    />
  );
}

type Svg = NonNullable<ImageOptionsInput['svg']>;

const EFFORTS = ['NONE', 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH', 'XHIGH', 'MAX'] as const;

export function SvgOptions({ situation, sent, problems }: OptionsPanelProps) {
  const reason = reasonAgainst('svg', '', situation);
  const svg = sent.svg ?? {};

  function change(next: Svg) {
    const { model = null, reasoningEffort = null } = { ...svg, ...next };
    changeOptions({ svg: model === null && reasoningEffort === null ? null : { model, reasoningEffort } });
  }

  return (
    <>
      <NameOption
        label="Writer of the SVG"
        value={svg.model ?? ''}
        usual="Auto"
        problems={problemsAt(problems, 'options.svg.model')}
        reason={reason}
        hint="The language model that writes the SVG after the picture."
        onChange={(model) => change({ model })}
      />
      <Choices
        legend="How much it thinks"
        values={['', ...EFFORTS]}
        value={svg.reasoningEffort ?? ''}
        problems={problemsAt(problems, 'options.svg.reasoningEffort')}
        onChoose={(value) => change({ reasoningEffort: EFFORTS.find((effort) => effort === value) ?? null })}
        reasonOf={(value) => (value === '' ? null : reason)}
        label={(value) => labelOf(value === '' ? 'AUTO' : value)}
      />
    </>
  );
}
