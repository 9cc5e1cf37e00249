/** Small drawings for buttons, which carry the words themselves. */
const PATHS = {
  add: 'M12 5v14M5 12h14',
  recent: 'M12 7v5l3 2M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4',
  options: 'M4 8h9M19 8h1M4 16h1M11 16h9M16 5.5v5M8 13.5v5',
  send: 'M12 19V5M6 11l6-6 6 6',
  remove: 'M7 7l10 10M17 7L7 17',
  paint: 'M14 4l6 6-9 9H5v-6zM11 7l6 6',
  erase: 'M5 16l9-9 5 5-7 7H8zM9.5 11.5l5 5M12 19h8',
  undo: 'M9 8H5V4M5 8a8 8 0 1 1-1 6',
  redo: 'M15 8h4V4M19 8a8 8 0 1 0 1 6',
  closer: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.5 15.5L20 20M8.5 11h5M11 8.5v5',
  farther: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.5 15.5L20 20M8.5 11h5',
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
