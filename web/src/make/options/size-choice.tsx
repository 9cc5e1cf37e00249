/** The size: the shapes that every model makes, or any size that the rules of the model allow. */

import type { Problem } from '../send/problems.ts';
import { labelOf } from '../words.ts';
import { Choices } from './choices.tsx';
import { reasonAgainst, type Situation } from './limits.ts';

const CUSTOM = 'custom';
const FIRST_CUSTOM = '2048x1152';
const USUAL = ['1024x1024', '1536x1024', '1024x1536'];

export interface SizeChoiceProps {
  readonly size: string;
  readonly situation: Situation;
  readonly problems: readonly Problem[];
  readonly onChoose: (size: string | null) => void;
}

export function SizeChoice({ size, situation, problems, onChoose }: SizeChoiceProps) {
  const { model } = situation;
  const usual = model?.sizes ?? USUAL;
  const isCustom = size !== 'auto' && !usual.includes(size);
  const values = ['auto', ...usual, CUSTOM];
  const reasonOf = (value: string) => reasonAgainst('size', value === CUSTOM ? FIRST_CUSTOM : value, situation);
  const choose = (value: string) => onChoose(value === 'auto' ? null : value === CUSTOM ? FIRST_CUSTOM : value);
  return (
    <Choices
      legend="Size"
      values={values}
      value={isCustom ? CUSTOM : size}
      problems={problems}
      onChoose={choose}
      reasonOf={reasonOf}
      label={(value) => (
        <>
          <Shape size={value} />
          {value === CUSTOM ? 'Other' : labelOf(value)}
        </>
      )}
    >
      {isCustom && <CustomSize size={size} onChange={onChoose} />}
    </Choices>
  );
}

function Shape({ size }: { readonly size: string }) {
  const [width, height] = size.split('x').map(Number);
  const ratio = width && height ? width / height : 1;
  return (
    <span
      className="shape"
      data-open={!(width && height) || undefined}
      style={{ aspectRatio: ratio, inlineSize: `${Math.min(1, ratio) * 1.1}rem` }}
    />
  );
}

interface CustomSizeProps {
  readonly size: string;
  readonly onChange: (size: string) => void;
}

function CustomSize({ size, onChange }: CustomSizeProps) {
  const [width = '', height = ''] = size.split('x');
  return (
    <div className="edges">
      <input
        type="number"
        inputMode="numeric"
        aria-label="Width in pixels"
        step={16}
        min={16}
        value={width}
        onChange={(event) => onChange(`${event.target.value}x${height}`)}
      />
      <span aria-hidden="true">×</span>
      <input
        type="number"
        inputMode="numeric"
        aria-label="Height in pixels"
        step={16}
        min={16}
        value={height}
        onChange={(event) => onChange(`${width}x${event.target.value}`)}
      />
    </div>
  );
}
