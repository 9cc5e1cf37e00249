/** The day of the pictures at the top of the screen, while one scrolls. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { itemsWithin } from '../masonry/layout.ts';
import type { MasonryHandle } from '../masonry/masonry.tsx';

const SHOWN_MS = 1_100;
/** Below the header. */
const TOP_PX = 90;
const MONTH = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' });
const DAY = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

export interface DateLineProps {
  readonly masonry: RefObject<MasonryHandle | null>;
  /** The time of an item; null for one that has none. */
  timeOf(index: number): string | null;
}

export function DateLine({ masonry, timeOf }: DateLineProps) {
  const [date, setDate] = useState<{ readonly month: string; readonly day: string } | null>(null);
  const [isVisible, setShown] = useState(false);
  const latest = useRef(timeOf);
  useEffect(() => {
    latest.current = timeOf;
  });
  // It goes on when more pictures are loaded: otherwise nothing would hide the line that is shown at this moment.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let frame = 0;
    const read = () => {
      frame = 0;
      const time = timeAtTop(masonry.current, latest.current);
      const isShown = time !== null && window.scrollY > TOP_PX;
      setShown(isShown);
      if (!isShown) return;
      const at = new Date(time);
      const [month, day] = [MONTH.format(at), DAY.format(at)];
      setDate((old) => (old?.month === month && old.day === day ? old : { month, day }));
      clearTimeout(timer);
      timer = setTimeout(() => setShown(false), SHOWN_MS);
    };
    const onScroll = () => {
      frame ||= requestAnimationFrame(read);
    };
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', onScroll);
    };
  }, [masonry]);
  return (
    <div className="date-line" data-shown={isVisible || undefined} aria-hidden>
      <span className="date-line-month">{date?.month}</span>
      <span>{date?.day}</span>
    </div>
  );
}

function timeAtTop(handle: MasonryHandle | null, timeOf: DateLineProps['timeOf']): string | null {
  if (!handle?.element) return null;
  const { top, width } = handle.element.getBoundingClientRect();
  const [first] = itemsWithin(handle.layout, { left: 0, top: TOP_PX - top, width, height: window.innerHeight });
  return first === undefined ? null : timeOf(first);
}
