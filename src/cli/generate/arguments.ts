/**
 * Parses the command line of `generate`. Only its syntax is checked here. The server validates the values, and its
 * errors are translated to the names of these options (start-call.ts).
 */
import { parseArgs } from 'node:util';
import {
  COMPLETION_WINDOWS,
  COMPLEXITIES,
  type CompletionWindow,
  IMAGE_BACKGROUNDS,
  IMAGE_FORMATS,
  IMAGE_QUALITIES,
  REASONING_EFFORTS,
} from '../../domain/generation/options.ts';
import { UsageError } from '../usage-error.ts';
import type { ImageOptionsInput } from './gql/graphql.ts';

/** What the command does. */
export type Action =
  | { readonly type: 'generate'; readonly prompt: string; readonly conversationId: string | null }
  | { readonly type: 'refine'; readonly prompt: string; readonly imageId: string }
  | { readonly type: 'watch'; readonly callId: string };

export interface GenerateArguments {
  readonly action: Action;
  readonly options: ImageOptionsInput;
  /** Without a trailing slash; null to use HOST and PORT of the environment. */
  readonly url: string | null;
  /** Null for a new folder in `pictures`. */
  readonly out: string | null;
  readonly json: boolean;
}

const TEXT = { type: 'string' } as const;
const IMAGE_OPTIONS = {
  size: TEXT,
  quality: TEXT,
  complexity: TEXT,
  format: TEXT,
  background: TEXT,
  compression: TEXT,
  partials: TEXT,
  model: TEXT,
  frames: TEXT,
  'frame-ms': TEXT,
  'svg-model': TEXT,
  'svg-effort': TEXT,
  window: TEXT,
} as const;
const OPTIONS = {
  ...IMAGE_OPTIONS,
  refine: TEXT,
  conversation: TEXT,
  watch: TEXT,
  out: TEXT,
  url: TEXT,
  json: { type: 'boolean' },
} as const;

/**
 * Parses the arguments of `generate`.
 * @throws {UsageError} naming the first problem
 */
export function parseGenerateArguments(args: readonly string[]): GenerateArguments {
  const { values, positionals } = read(args);
  for (const [name, value] of Object.entries(values)) {
    if (value === '') throw new UsageError(`--${name} needs a value`);
  }
  return {
    action: actionOf(values, positionals),
    options: imageOptions(values),
    url: values.url === undefined ? null : serverUrl(values.url),
    out: values.out ?? null,
    json: values.json ?? false,
  };
}

type Values = ReturnType<typeof read>['values'];

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // The first sentence of Node's message names the problem; the others explain dashes at length.
    const [problem = ''] = error instanceof Error ? error.message.split(/[.\n]/u) : [];
    const [, option] = /^Option '(?:-\w, )?(--[\w-]+).*(?:ambiguous|missing)$/u.exec(problem) ?? [];
    if (option !== undefined) throw new UsageError(`${option} needs a value`);
    throw new UsageError(`${problem.charAt(0).toLowerCase()}${problem.slice(1)}; --help shows all options`);
  }
}

function actionOf(values: Values, positionals: readonly string[]): Action {
  const { refine, conversation, watch } = values;
  if (watch !== undefined) {
    const other = Object.keys(values).find((name) => name in IMAGE_OPTIONS || /^(refine|conversation)$/u.test(name));
    if (positionals.length > 0) throw new UsageError('--watch follows an existing call: it takes no prompt');
    if (other !== undefined)
      throw new UsageError(`--watch follows an existing call: it cannot be combined with --${other}`);
    return { type: 'watch', callId: watch };
  }
  const [prompt = '', ...more] = positionals;
  if (more.length > 0) throw new UsageError(`put the prompt in quotes: "${positionals.join(' ')}"`);
  if (prompt.trim() === '') {
    throw new UsageError(
      'a prompt is required, for example: npm run generate -- "a cat in the rain"; --help shows all options',
    );
  }
  if (refine === undefined) return { type: 'generate', prompt, conversationId: conversation ?? null };
  if (conversation !== undefined) {
    throw new UsageError(
      '--conversation cannot be combined with --refine: an image is refined in its own conversation',
    );
  }
  return { type: 'refine', prompt, imageId: refine };
}

function imageOptions(values: Values): ImageOptionsInput {
  const { size, quality, complexity, format, background, compression, partials, model, frames, window } = values;
  const frameMs = values['frame-ms'];
  return {
    ...(size === undefined ? {} : { size }),
    ...(quality === undefined ? {} : { quality: word('quality', quality, IMAGE_QUALITIES) }),
    ...(complexity === undefined ? {} : { complexity: word('complexity', complexity, COMPLEXITIES) }),
    ...(format === undefined ? {} : { format: word('format', format === 'jpg' ? 'jpeg' : format, IMAGE_FORMATS) }),
    ...(background === undefined ? {} : { background: word('background', background, IMAGE_BACKGROUNDS) }),
    ...(compression === undefined ? {} : { compression: wholeNumber('compression', compression) }),
    ...(partials === undefined ? {} : { partialImages: wholeNumber('partials', partials) }),
    ...(model === undefined ? {} : { model }),
    ...(frames === undefined ? {} : { frameCount: wholeNumber('frames', frames) }),
    ...(frameMs === undefined ? {} : { frameDurationMs: wholeNumber('frame-ms', frameMs) }),
    ...svgOptions(values),
    ...(window === undefined ? {} : { completionWindow: completionWindow(window) }),
  };
}

function svgOptions({ 'svg-model': model, 'svg-effort': effort }: Values): Pick<ImageOptionsInput, 'svg'> {
  if (model === undefined && effort === undefined) return {};
  return {
    svg: {
      ...(model === undefined ? {} : { model }),
      ...(effort === undefined ? {} : { reasoningEffort: word('svg-effort', effort, REASONING_EFFORTS) }),
    },
  };
}

/** `2h` and `8h`, as people say them; `soonest` is the default. */
function completionWindow(typed: string): CompletionWindow {
  const typedAs = (window: CompletionWindow) => window.toLowerCase().replace(/^within_(\d+)_hours$/u, '$1h');
  const found = COMPLETION_WINDOWS.find((window) => typedAs(window) === typed.toLowerCase());
  if (found !== undefined) return found;
  const known = COMPLETION_WINDOWS.map(typedAs).join(', ');
  throw new UsageError(`--window must be one of ${known}; it is ${JSON.stringify(typed)}`);
}

/** The enum value of the API for a word that was typed in lower case. */
function word<Word extends string>(option: string, typed: string, words: readonly Word[]): Word {
  const found = words.find((known) => known === typed.toUpperCase());
  if (found !== undefined) return found;
  const known = words.map((one) => one.toLowerCase()).join(', ');
  throw new UsageError(`--${option} must be one of ${known}; it is ${JSON.stringify(typed)}`);
}

/** At most nine digits, which fit into a GraphQL Int. The server checks the range. */
function wholeNumber(option: string, typed: string): number {
  if (/^-?\d{1,9}$/u.test(typed)) return Number(typed);
  throw new UsageError(`--${option} must be a whole number; it is ${JSON.stringify(typed)}`);
}

/** The URL without a trailing `/graphql`, which people often copy along. */
function serverUrl(typed: string): string {
  if (!URL.canParse(typed) || !/^https?:$/u.test(new URL(typed).protocol)) {
    throw new UsageError(`--url must be a URL such as http://127.0.0.1:4000; it is ${JSON.stringify(typed)}`);
  }
  return typed.replace(/\/+$/u, '').replace(/\/graphql$/u, '');
}
