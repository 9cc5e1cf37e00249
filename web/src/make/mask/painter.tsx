/** Paints on a picture where it may change (a mask), or draws on it what should change (marks). */
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { notifyError } from '../../app/notices.tsx';
import { newKey } from '../send/new-key.ts';
import { overlay, type Picture } from '../sources/sources.ts';
import { upload } from '../sources/upload.ts';
import { overlayFile, type Size } from './overlay-file.ts';
import { usePainting } from './painting.ts';
import type { Brush } from './pen.ts';
import { isEmpty } from './strokes.ts';
import { Surface } from './surface.tsx';
import { PainterTools } from './tools.tsx';
import { fitted, type Viewport, zoomed } from './viewport.ts';
import './painter.css';

export interface PainterProps {
  readonly picture: Picture;
  readonly reasonAgainstMask: string | null;
  readonly reasonAgainstMarkup: string | null;
  readonly onEnd: () => void;
}

const MASK_COLOR = '#ff6244';

export function Painter({ picture, reasonAgainstMask, reasonAgainstMarkup, onEnd }: PainterProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { stage, viewport, setViewport, screen } = useViewport(picture);
  const painting = usePainting(picture.id, reasonAgainstMask === null ? 'MASK' : 'MARKUP');
  const { purpose, done } = painting.painting;
  const { brush, setBrush } = useBrush(picture, purpose);
  // Closed first: until then, nothing else takes the focus.
  const { isSaving, save } = useSave(picture, () => dialog.current?.close());

  useEffect(() => dialog.current?.showModal(), []);

  const zoom = (factor: number) =>
    setViewport((current) => zoomed(current, factor, { x: screen.width / 2, y: screen.height / 2 }));
  const fit = () => setViewport(() => fitted(picture, screen));
  const size = (factor: number) =>
    setBrush((current) => ({ ...current, size: Math.min(400, Math.max(2, Math.round(current.size * factor))) }));

  function onKeyDown(event: KeyboardEvent) {
    event.stopPropagation();
    const command = commandOf(event);
    const run: Record<string, () => void> = {
      undo: painting.undo,
      redo: painting.redo,
      closer: () => zoom(1.25),
      farther: () => zoom(0.8),
      fit,
      larger: () => size(1.25),
      smaller: () => size(0.8),
      paint: () => setBrush((current) => ({ ...current, tool: 'paint' })),
      erase: () => setBrush((current) => ({ ...current, tool: 'erase' })),
    };
    if (command === null) return;
    event.preventDefault();
    run[command]?.();
  }

  // Not within the form of the composer, which an Enter would send.
  return createPortal(
    <dialog ref={dialog} className="painter" aria-label="Paint on the picture" onClose={onEnd} onKeyDown={onKeyDown}>
      <div ref={stage} className="stage">
        <Surface
          picture={picture}
          purpose={purpose}
          marks={done}
          brush={brush}
          viewport={viewport}
          onViewport={setViewport}
          onStroke={painting.add}
        />
      </div>
      <PainterTools
        {...{ painting, brush, reasonAgainstMask, reasonAgainstMarkup, isSaving, zoom, fit }}
        onBrush={(change) => setBrush((current) => ({ ...current, ...change }))}
        onCancel={() => dialog.current?.close()}
        onDone={() => void save(painting.painting)}
      />
    </dialog>,
    document.body,
  );
}

/** A mask takes a broad brush, and notes a thin one of any colour. */
function useBrush({ width, height }: Size, purpose: 'MASK' | 'MARKUP') {
  const edge = Math.max(width, height);
  const [brushes, setBrushes] = useState<Readonly<Record<typeof purpose, Brush>>>(() => ({
    MASK: { tool: 'paint', size: Math.round(edge / 16), color: MASK_COLOR },
    MARKUP: { tool: 'paint', size: Math.round(edge / 90), color: MASK_COLOR },
  }));
  return {
    brush: brushes[purpose],
    setBrush: (change: (brush: Brush) => Brush) =>
      setBrushes((current) => ({ ...current, [purpose]: change(current[purpose]) })),
  };
}

/** The picture fills the room that there is, until it is moved. */
function useViewport(picture: Size) {
  const stage = useRef<HTMLDivElement>(null);
  const [screen, setScreen] = useState<Size>({ width: 0, height: 0 });
  const [viewport, setViewport] = useState<Viewport>({ scale: 0.1, x: 0, y: 0 });
  const { width, height } = picture;

  useLayoutEffect(() => {
    const element = stage.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      const size = { width: element.clientWidth, height: element.clientHeight };
      setScreen(size);
      setViewport(fitted({ width, height }, size));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [width, height]);

  return { stage, viewport, setViewport, screen };
}

function useSave(picture: Picture, close: () => void) {
  const [isSaving, setSaving] = useState(false);
  const ending = useRef<AbortController | null>(null);
  // Cancelled while it is saved, it is not taken after all.
  useEffect(() => () => ending.current?.abort(), []);

  async function save({ purpose, done }: ReturnType<typeof usePainting>['painting']) {
    if (isEmpty(done)) {
      overlay.set(() => null);
      return close();
    }
    setSaving(true);
    ending.current = new AbortController();
    const { signal } = ending.current;
    try {
      const file = await overlayFile(purpose, done, picture);
      const image = await upload(file, { key: newKey(), purpose, conversationId: null, signal });
      overlay.set(() => ({ purpose, over: picture.id, image }));
      close();
    } catch (error) {
      if (!signal.aborted) notifyError(error);
    } finally {
      setSaving(false);
    }
  }

  return { isSaving, save };
}

function commandOf(event: KeyboardEvent): string | null {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
    return key === 'y' ? 'redo' : null;
  }
  const commands: Readonly<Record<string, string>> = {
    '+': 'closer',
    '=': 'closer',
    '-': 'farther',
    0: 'fit',
    ']': 'larger',
    '[': 'smaller',
    b: 'paint',
    e: 'erase',
  };
  return commands[key] ?? null;
}
