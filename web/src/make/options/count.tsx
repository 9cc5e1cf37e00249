/** How many pictures: one to ten. */
export interface CountProps {
  readonly count: number;
  readonly most: number;
  readonly onChange: (count: number) => void;
}

export function Count({ count, most, onChange }: CountProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a second frame around three controls.
    <div className="count" role="group" aria-label="Number of pictures">
      <button
        type="button"
        className="quiet"
        aria-label="One less"
        disabled={count <= 1}
        onClick={() => onChange(count - 1)}
      >
        −
      </button>
      <input
        type="number"
        inputMode="numeric"
        aria-label="Number of pictures"
        min={1}
        max={most}
        value={count}
        onChange={(event) => onChange(Math.min(most, Math.max(1, Math.round(event.target.valueAsNumber) || 1)))}
      />
      <button
        type="button"
        className="quiet"
        aria-label="One more"
        disabled={count >= most}
        onClick={() => onChange(count + 1)}
      >
        +
      </button>
    </div>
  );
}
