/** The tools of the painter: what the marks mean, the brush, what was done, how near, and the ways out. */
import { Icon } from '../icons.tsx';
import type { usePainting } from './painting.ts';
import type { Brush } from './pen.ts';

export interface PainterToolsProps {
  readonly painting: ReturnType<typeof usePainting>;
  readonly brush: Brush;
  readonly reasonAgainstMask: string | null;
  readonly reasonAgainstMarkup: string | null;
  readonly isSaving: boolean;
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  readonly onBrush: (change: Partial<Brush>) => void;
  readonly onCancel: () => void;
  readonly onDone: () => void;
}

const COLORS = [
  { color: '#ff6244', name: 'Red' },
  { color: '#ffd23f', name: 'Yellow' },
  { color: '#3ddc97', name: 'Green' },
  { color: '#4cb5ff', name: 'Blue' },
  { color: '#ffffff', name: 'White' },
  { color: '#000000', name: 'Black' },
] as const;

export function PainterTools(props: PainterToolsProps) {
  const { painting, brush, isSaving, onBrush, onCancel, onDone } = props;
  return (
    <>
      <div className="painter-top">
        <Purposes {...props} />
        <button type="button" className="quiet" onClick={onCancel}>
          Cancel
        </button>
        <button type="button" className="primary" disabled={isSaving} onClick={onDone}>
          {isSaving ? 'Saving…' : 'Done'}
        </button>
        <Hint {...props} />
      </div>
      <div className="painter-tools" role="toolbar" aria-label="Brush">
        <Tool
          name="paint"
          label="Paint"
          isPressed={brush.tool === 'paint'}
          onClick={() => onBrush({ tool: 'paint' })}
        />
        <Tool
          name="erase"
          label="Erase"
          isPressed={brush.tool === 'erase'}
          onClick={() => onBrush({ tool: 'erase' })}
        />
        <input
          type="range"
          aria-label="Size of the brush in pixels"
          min={2}
          max={400}
          value={brush.size}
          onChange={({ target }) => onBrush({ size: target.valueAsNumber })}
        />
        {painting.painting.purpose === 'MARKUP' && (
          <Colors color={brush.color} onChoose={(color) => onBrush({ color })} />
        )}
        <History {...props} />
      </div>
    </>
  );
}

function Hint({ painting, reasonAgainstMask, reasonAgainstMarkup }: PainterToolsProps) {
  const isMask = painting.painting.purpose === 'MASK';
  const reason = isMask ? reasonAgainstMask : reasonAgainstMarkup;
  const words = isMask ? 'Paint over what may change. The rest stays as it is.' : 'Draw or write what should change.';
  return <p className="hint muted">{reason ?? words}</p>;
}

function Purposes({ painting, reasonAgainstMask, reasonAgainstMarkup }: PainterToolsProps) {
  const { purpose } = painting.painting;
  return (
    <div className="purposes">
      <fieldset className="choices">
        <legend className="visually-hidden">What you paint is</legend>
        <div className="words">
          {[
            { value: 'MASK', label: 'Mask', why: reasonAgainstMask } as const,
            { value: 'MARKUP', label: 'Notes', why: reasonAgainstMarkup } as const,
          ].map(({ value, label, why }) => (
            <label key={value} title={why ?? undefined}>
              <input
                type="radio"
                className="visually-hidden"
                name="painter-purpose"
                checked={purpose === value}
                disabled={why !== null}
                onChange={() => painting.setPurpose(value)}
              />
              <span>{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </div>
  );
}

function History({ painting, zoom, fit }: PainterToolsProps) {
  const { done, undone } = painting.painting;
  return (
    <>
      <Tool name="undo" label="Undo" isDisabled={done.length === 0} onClick={painting.undo} />
      <Tool name="redo" label="Redo" isDisabled={undone.length === 0} onClick={painting.redo} />
      <button
        type="button"
        className="quiet"
        disabled={done.length === 0}
        onClick={() => painting.add({ tool: 'clear' })}
      >
        Clear
      </button>
      <Tool name="farther" label="Zoom out" onClick={() => zoom(0.8)} />
      <Tool name="closer" label="Zoom in" onClick={() => zoom(1.25)} />
      <button type="button" className="quiet" onClick={fit}>
        Fit
      </button>
    </>
  );
}

interface ToolProps {
  readonly name: Parameters<typeof Icon>[0]['name'];
  readonly label: string;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

function Tool({ name, label, isPressed, isDisabled, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className="quiet tool"
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Icon name={name} />
    </button>
  );
}

function Colors({ color, onChoose }: { readonly color: string; readonly onChoose: (color: string) => void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a frame within the toolbar.
    <div className="colors" role="group" aria-label="Colour">
      {COLORS.map(({ color: one, name }) => (
        <button
          key={one}
          type="button"
          aria-label={name}
          aria-pressed={one === color}
          style={{ background: one }}
          onClick={() => onChoose(one)}
        />
      ))}
    </div>
  );
}
