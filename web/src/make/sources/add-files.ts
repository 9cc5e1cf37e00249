/** Files that become sources: each is shown at once, and uploaded meanwhile. */
import { announce, messageOf, notify } from '../../app/notices.tsx';
import { conversationShown } from '../place.ts';
import { focusPrompt } from '../prompt/draft.ts';
import { newKey } from '../send/new-key.ts';
import { isSource, MAX_SOURCES, putSource, type Source } from './sources.ts';
import { upload } from './upload.ts';

/** What the server takes as a source. */
export const ACCEPTED = 'image/png,image/webp,image/jpeg,image/gif';

export function addFiles(files: Iterable<File>): void {
  const all = [...files];
  const pictures = all.filter(({ type }) => ACCEPTED.split(',').includes(type));
  if (pictures.length < all.length) notify({ text: 'Sources are PNG, WEBP, JPEG or GIF files.', isError: true });
  for (const file of pictures) {
    if (addFile(file)) continue;
    notify({ text: `A picture is made of ${MAX_SOURCES} sources at most.`, isError: true });
    break;
  }
  if (pictures.length > 0) focusPrompt();
}

function addFile(file: File): boolean {
  const key = newKey();
  const preview = URL.createObjectURL(file);
  const isThere = start({ key, image: null, preview, percent: null, name: file.name, problem: null }, file);
  if (!isThere) URL.revokeObjectURL(preview);
  return isThere;
}

function start(source: Source, file: File): boolean {
  const ending = new AbortController();
  const running: Source = { ...source, problem: null, percent: 0, abort: () => ending.abort() };
  if (!putSource(running)) return false;
  const { key } = source;
  const say = progressAloud(source.name);
  const onProgress = (part: number) => {
    const percent = Math.floor(part * 100);
    if (!isSource(key)) return;
    say(percent);
    putSource({ ...running, percent });
  };
  upload(file, { key, purpose: 'SOURCE', conversationId: conversationShown(), signal: ending.signal, onProgress }).then(
    (image) => {
      if (!isSource(key)) return;
      putSource({ ...source, image });
      announce(`Uploaded: ${source.name}`);
    },
    (error: unknown) => {
      if (!isSource(key)) return;
      const problem = messageOf(error);
      putSource({ ...source, problem, retry: () => start(source, file) });
      announce(`Not uploaded: ${source.name}. ${problem}`);
    },
  );
  return true;
}

/** Between two words about the same upload: whoever listens has other things to hear. */
const ALOUD_EVERY_MS = 10_000;

/** Says from time to time how far an upload is, and nothing of a short one. */
function progressAloud(name: string): (percent: number) => void {
  let last = Date.now();
  return (percent) => {
    if (percent === 100 || Date.now() - last < ALOUD_EVERY_MS) return;
    last = Date.now();
    announce(`Uploading ${name}: ${percent} %`);
  };
}
