/** The part of the environment that says who makes the pictures, and how they are asked. */
import * as v from 'valibot';
import type { UpstreamKind } from '../domain/upstream.ts';
import { httpUrl, integerOr, oneOf, orNull } from './values.ts';

export interface UpstreamConfig {
  readonly kind: UpstreamKind;
  readonly apiKey: string;
  /** Null is the SDK's own; the simulator's is known when it has started. */
  readonly baseUrl: string | null;
  readonly organization: string | null;
  readonly project: string | null;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null for anybody but Azure OpenAI. */
  readonly azure: { readonly endpoint: string; readonly apiVersion: string } | null;
  readonly model: string;
  readonly imageModel: string | null;
  readonly idleTimeoutMs: number;
  /** Whether the upstream is asked to go on without us, so that a lost generation can be found again. */
  readonly background: boolean;
  /** Which API makes the pictures; AUTO takes the Image API where it makes several in one request. */
  readonly api: 'AUTO' | 'RESPONSES' | 'IMAGES';
  /** Whether pictures are laid up at the upstream as files, instead of being sent with every request. */
  readonly files: boolean;
  /** Whether the mainline model is told how often it may call its tool: some services refuse to be asked so. */
  readonly boundsToolCalls: boolean;
  /** Whether the upstream may keep what it is sent and what it answers. */
  readonly store: boolean;
}

/** Reads prompts and calls the image model: small, current, and not announced to be shut down. */
const DEFAULT_MODEL = 'gpt-5.4-mini';

const SWITCH = ['auto', 'on', 'off'] as const;

/** A name of RFC 9110, a colon, and a value without control characters, as HTTP writes a field line. */
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(\P{Cc}*)$/u;

/** What is wrong with them is not repeated: they may hold a secret. */
const headerLines = v.pipe(
  v.string(),
  v.check(
    (value) => linesOf(value).every((line) => HEADER_LINE.test(line)),
    'must be lines such as "x-team: pictures", one header each',
  ),
  v.transform((value) =>
    Object.fromEntries(
      linesOf(value)
        .map((line) => HEADER_LINE.exec(line)?.slice(1) ?? [])
        .map(([name = '', held = '']) => [name, held]),
    ),
  ),
);

function linesOf(value: string): readonly string[] {
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export const UPSTREAM_ENVIRONMENT = {
  OPENAI_API_KEY: v.optional(v.string()),
  OPENAI_BASE_URL: v.optional(httpUrl),
  OPENAI_ORG_ID: orNull(v.string()),
  OPENAI_PROJECT_ID: orNull(v.string()),
  OPENAI_CUSTOM_HEADERS: orNull(headerLines),
  AZURE_OPENAI_ENDPOINT: v.optional(httpUrl),
  AZURE_OPENAI_API_KEY: v.optional(v.string()),
  OPENAI_API_VERSION: v.optional(v.string()),
  OPENAI_MODEL: v.optional(v.string(), DEFAULT_MODEL),
  OPENAI_IMAGE_MODEL: orNull(v.string()),
  UPSTREAM_IDLE_TIMEOUT_MS: integerOr(120_000, 100, 3_600_000),
  UPSTREAM_BACKGROUND: oneOf(SWITCH, 'auto'),
  UPSTREAM_API: oneOf(['auto', 'both', 'responses', 'images'], 'auto'),
  UPSTREAM_FILES: oneOf(SWITCH, 'auto'),
  UPSTREAM_STORE: oneOf(['on', 'off'], 'on'),
};

type Values = v.InferOutput<v.ObjectSchema<typeof UPSTREAM_ENVIRONMENT, undefined>>;

/** What is wrong with variables that are right one by one. */
export function upstreamProblems(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const problems: string[] = [];
  if (given['AZURE_OPENAI_ENDPOINT'] !== undefined) {
    for (const name of ['AZURE_OPENAI_API_KEY', 'OPENAI_API_VERSION']) {
      if (given[name] === undefined) problems.push(`${name} must be given with AZURE_OPENAI_ENDPOINT`);
    }
    if (given['OPENAI_BASE_URL'] !== undefined) {
      problems.push('OPENAI_BASE_URL must be left out with AZURE_OPENAI_ENDPOINT: only one of them can be asked');
    }
  }
  if (given['UPSTREAM_STORE'] === 'off' && given['UPSTREAM_BACKGROUND'] === 'on') {
    problems.push(
      'UPSTREAM_BACKGROUND must not be on with UPSTREAM_STORE=off: the upstream has to keep what it works on',
    );
  }
  return problems;
}

export function upstreamConfig(values: Values): UpstreamConfig {
  const kind = upstreamKind(values);
  const { AZURE_OPENAI_ENDPOINT: endpoint, OPENAI_API_VERSION: apiVersion } = values;
  const store = values.UPSTREAM_STORE === 'on';
  const api = {
    // Which of them a compatible service has is not known; that it has the Responses API is taken for granted.
    auto: kind === 'COMPATIBLE' ? 'RESPONSES' : 'AUTO',
    both: 'AUTO',
    responses: 'RESPONSES',
    images: 'IMAGES',
  } as const;
  const isOn = (value: (typeof SWITCH)[number], kinds: readonly UpstreamKind[]) =>
    store && (value === 'auto' ? kinds.includes(kind) : value === 'on');
  return {
    kind,
    // A compatible server may need no key, but the SDK does not start without one.
    apiKey: (kind === 'AZURE' ? values.AZURE_OPENAI_API_KEY : values.OPENAI_API_KEY) ?? 'none',
    baseUrl: values.OPENAI_BASE_URL ?? null,
    organization: values.OPENAI_ORG_ID,
    project: values.OPENAI_PROJECT_ID,
    headers: values.OPENAI_CUSTOM_HEADERS ?? {},
    azure: endpoint === undefined || apiVersion === undefined ? null : { endpoint, apiVersion },
    model: values.OPENAI_MODEL,
    imageModel: values.OPENAI_IMAGE_MODEL,
    idleTimeoutMs: values.UPSTREAM_IDLE_TIMEOUT_MS,
    // Compatible services may refuse what few of them know; the built-in simulator ends with this process.
    background: isOn(values.UPSTREAM_BACKGROUND, ['OPENAI', 'AZURE']),
    api: api[values.UPSTREAM_API],
    files: isOn(values.UPSTREAM_FILES, ['OPENAI', 'SIMULATOR']),
    boundsToolCalls: kind === 'OPENAI' || kind === 'SIMULATOR',
    store,
  };
}

function upstreamKind(values: Values): UpstreamKind {
  if (values.AZURE_OPENAI_ENDPOINT !== undefined) return 'AZURE';
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = values;
  if (baseUrl !== undefined && new URL(baseUrl).hostname !== 'api.openai.com') return 'COMPATIBLE';
  return apiKey === undefined && baseUrl === undefined ? 'SIMULATOR' : 'OPENAI';
}
