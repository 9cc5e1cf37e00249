/** The few signs that buttons on pictures have. Their meaning is in the label of the button. */

interface IconProps {
  readonly path: string;
  readonly isFilled?: boolean;
}

function Icon({ path, isFilled = false }: IconProps) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill={isFilled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      <path d={path} />
    </svg>
  );
}

const HEART = 'M12 20.5S3.5 15.6 3.5 9.4A4.7 4.7 0 0 1 12 6.6a4.7 4.7 0 0 1 8.5 2.8c0 6.2-8.5 11.1-8.5 11.1Z';

export const HeartIcon = ({ isFilled }: { readonly isFilled: boolean }) => <Icon path={HEART} isFilled={isFilled} />;
export const AddIcon = () => <Icon path="M12 5v14M5 12h14" />;
export const CheckIcon = () => <Icon path="m5.5 12.5 4.2 4.2 8.8-9.4" />;
export const CloseIcon = () => <Icon path="M6 6l12 12M18 6 6 18" />;
export const SearchIcon = () => <Icon path="M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.8-1.7L20.5 20.5" />;
export const FilterIcon = () => <Icon path="M4 7h16M7 12h10M10 17h4" />;
export const TagIcon = () => <Icon path="M3.5 11V4.5a1 1 0 0 1 1-1H11l9.5 9.5-7.5 7.5L3.5 11Zm4.5-3h.01" />;
export const ZipIcon = () => <Icon path="M12 4v11m0 0 4.5-4.5M12 15l-4.5-4.5M4.5 19.5h15" />;
export const TrashIcon = () => (
  <Icon path="M4.5 6.5h15M9.5 6V4h5v2M6.5 6.5l.9 13.5h9.2l.9-13.5M10.2 10.5v5.5m3.6-5.5v5.5" />
);
export const RestoreIcon = () => <Icon path="M4.5 4.5v5h5M5 9.5A8 8 0 1 1 4 14" />;
