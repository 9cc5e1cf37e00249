/** Which words two texts have in common. */

export interface DiffPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
  /** How the first text writes what is the same. */
  readonly before: string;
}

/** Longer texts are shown without marks: the table below grows with the square of their length. */
const MAX_WORDS = 1_500;

/** From the first text to the second, in order. Words that differ only in letter case or marks around them are the same. */
export function wordDiff(before: string, after: string): readonly DiffPart[] {
  const [from, to] = [wordsOf(before), wordsOf(after)];
  if (from.length > MAX_WORDS || to.length > MAX_WORDS) return [{ kind: 'added', text: after, before: '' }];
  const lengths = commonLengths(from, to);
  const parts: DiffPart[] = [];
  const add = (kind: DiffPart['kind'], text: string, before = text) => {
    const last = parts.at(-1);
    const part = { kind, text, before };
    if (last?.kind !== kind) parts.push(part);
    else parts[parts.length - 1] = { kind, text: last.text + text, before: last.before + before };
  };
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    const [old, next] = [from[i], to[j]];
    if (old !== undefined && next !== undefined && keyOf(old) === keyOf(next)) {
      add('same', next, old);
      i += 1;
      j += 1;
    } else if (
      old !== undefined &&
      (next === undefined || lengthAt(lengths, i + 1, j) >= lengthAt(lengths, i, j + 1))
    ) {
      add('removed', old);
      i += 1;
    } else if (next !== undefined) {
      add('added', next);
      j += 1;
    }
  }
  return parts;
}

/** Words with what follows them. Scripts without spaces are taken apart by the browser. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    const last = words.at(-1);
    if (isWordLike || last === undefined) words.push(segment);
    else words[words.length - 1] = last + segment;
  }
  return words;
}

function keyOf(word: string): string {
  return word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '') || word;
}

/** At [i][j], how many words are common to the rest of both texts. */
function commonLengths(from: readonly string[], to: readonly string[]): readonly Uint16Array[] {
  const rows = Array.from({ length: from.length + 1 }, () => new Uint16Array(to.length + 1));
  const [fromKeys, toKeys] = [from.map(keyOf), to.map(keyOf)];
  for (let i = from.length - 1; i >= 0; i -= 1) {
    for (let j = to.length - 1; j >= 0; j -= 1) {
      const isSame = fromKeys[i] === toKeys[j];
      const row = rows[i];
      if (row === undefined) continue;
      row[j] = isSame ? lengthAt(rows, i + 1, j + 1) + 1 : Math.max(lengthAt(rows, i + 1, j), lengthAt(rows, i, j + 1));
    }
  }
  return rows;
}

function lengthAt(rows: readonly Uint16Array[], i: number, j: number): number {
  return rows[i]?.[j] ?? 0;
}
