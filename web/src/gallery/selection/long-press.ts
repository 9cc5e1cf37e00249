/** A finger that rests on a picture selects it. */
import type { PointerEvent as ReactPointerEvent } from 'react';

const PRESS_MS = 450;
const STILL_PX = 10;

export function watchLongPress({ pointerType, clientX, clientY }: ReactPointerEvent, select: () => void): void {
  if (pointerType === 'mouse') return;
  let hasSelected = false;
  const timer = setTimeout(() => {
    hasSelected = true;
    navigator.vibrate?.(15);
    select();
  }, PRESS_MS);

  const move = (event: PointerEvent) => {
    if (Math.hypot(event.clientX - clientX, event.clientY - clientY) > STILL_PX) end();
  };
  // The menu that a long press opens elsewhere.
  const noMenu = (event: Event) => event.preventDefault();
  const noClick = (event: Event) => {
    if (!hasSelected) return;
    event.preventDefault();
    event.stopPropagation();
  };
  function end(): void {
    clearTimeout(timer);
    document.removeEventListener('pointermove', move);
    document.removeEventListener('pointerup', end);
    document.removeEventListener('pointercancel', end);
    // The click comes after the finger is gone, and before it comes again.
    const last = setTimeout(allowClicks, 100);
    document.addEventListener('pointerdown', allowClicks, { capture: true, once: true });
    function allowClicks(): void {
      clearTimeout(last);
      document.removeEventListener('pointerdown', allowClicks, { capture: true });
      document.removeEventListener('contextmenu', noMenu);
      window.removeEventListener('click', noClick, { capture: true });
    }
  }
  document.addEventListener('pointermove', move);
  document.addEventListener('pointerup', end);
  document.addEventListener('pointercancel', end);
  document.addEventListener('contextmenu', noMenu);
  window.addEventListener('click', noClick, { capture: true });
}
