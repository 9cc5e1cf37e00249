/**
 * Full-text search, as far as it is about text alone: what is a word of a text, and what a query asks for. Nothing in a query
 * is syntax. The same words are stored and looked for, so a database only has to compare them
 * (docs/decisions/2026-11-28-full-text-search.md).
 */

/** Words that follow each other in the text; most have one. */
export interface SearchTerm {
  readonly words: readonly string[];
  /** Whether the last word may go on: it is the last one of the query, which may still be typed. */
  readonly isPrefix: boolean;
}

/** Longer ones are cut: nobody reads them as words. */
const MAX_WORD_LENGTH = 64;
/** Each is looked up; a long sentence has as many. */
export const MAX_SEARCH_WORDS = 32;
/** In UTF-16 code units. */
export const MAX_SEARCH_LENGTH = 1_000;

/** Letters that Unicode does not take apart into a letter and its mark. */
const FOLDED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  þ: 'th',
  ς: 'σ',
};
const FOLDABLE = new RegExp(`[${Object.keys(FOLDED).join('')}]`, 'gu');
/**
 * Accents of Latin, Greek and Cyrillic letters, and the vowel signs of Hebrew and Arabic. The marks of other scripts are part
 * of their letters: those of kana, for example, or of Devanagari.
 */
const ACCENTS =
  /[\u0300-\u036F]|[\u0591-\u05BD]|\u05BF|[\u05C1\u05C2]|[\u05C4\u05C5]|\u05C7|[\u064B-\u065F]|\u0670|[\u1AB0-\u1AFF]|[\u1DC0-\u1DFF]/gu;
const WORDS = /(?:[\p{L}\p{N}][\p{L}\p{N}\p{M}]*)|\p{Extended_Pictographic}/gu;
/** Scripts without spaces between words, and Hangul, whose words end in particles: each character is a word of its own. */
const CHARACTERS =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]\p{M}*/u;
const PARTS = new RegExp(`${CHARACTERS.source}|(?:(?!${CHARACTERS.source}).)+`, 'gsu');

/** The words of a text in their order, separated by spaces: only letters and digits, in lower case and without accents. */
export function searchWords(text: string): string {
  return runsOf(text)
    .flatMap((run) => run.map(({ word }) => word))
    .join(' ');
}

/** What has to be found for a query: every term, in any order. Empty when the query has no words. */
export function searchTerms(query: string): readonly SearchTerm[] {
  const terms: SearchTerm[] = [];
  for (const run of runsOf(query)) {
    // Characters of one run belong together; what stands between them is a word of its own.
    let characters: string[] = [];
    const endCharacters = () => {
      if (characters.length > 0) terms.push({ words: characters, isPrefix: false });
      characters = [];
    };
    for (const { word, isCharacter } of run) {
      if (isCharacter) characters.push(word);
      else {
        endCharacters();
        terms.push({ words: [word], isPrefix: false });
      }
    }
    endCharacters();
  }
  const last = terms.at(-1);
  const isWord = last !== undefined && !CHARACTERS.test(last.words[0] ?? '');
  return isWord ? [...terms.slice(0, -1), { ...last, isPrefix: true }] : terms;
}

/** What is wrong with the text of a search; null when nothing is. */
export function searchProblem(query: string): string | null {
  if (query.length > MAX_SEARCH_LENGTH) {
    return `has ${query.length} characters; at most ${MAX_SEARCH_LENGTH} are allowed.`;
  }
  const count = searchTerms(query).reduce((sum, { words }) => sum + words.length, 0);
  if (count <= MAX_SEARCH_WORDS) return null;
  return `has ${count} words; at most ${MAX_SEARCH_WORDS} are allowed. Each character of scripts without spaces counts.`;
}

interface Part {
  readonly word: string;
  readonly isCharacter: boolean;
}

/** The runs of letters and digits of a text, each in its parts. */
function runsOf(text: string): readonly (readonly Part[])[] {
  const folded = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(ACCENTS, '')
    .normalize('NFC')
    .replace(FOLDABLE, (letter) => FOLDED[letter] ?? letter);
  return (folded.match(WORDS) ?? []).map((run) =>
    (run.match(PARTS) ?? []).map((part) => ({
      word: part.slice(0, MAX_WORD_LENGTH).replace(/[\uD800-\uDBFF]$/u, ''),
      isCharacter: CHARACTERS.test(part),
    })),
  );
}
