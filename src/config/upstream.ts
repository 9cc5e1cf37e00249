/** The environment variables that select the upstream and say how it is used. */
import * as v from 'valibot';
import type { UpstreamKind } from '../domain/upstream.ts';
import { headerText, httpUrl, integerOr, isHeaderValue, oneOf, orNull, percentDecoded } from './values.ts';

export interface UpstreamConfig {
  readonly kind: UpstreamKind;
  readonly apiKey: string;
  /** Null for the SDK's default. Without credentials. The URL of the simulator is known only after it has started. */
  readonly baseUrl: string | null;
  /** The credentials that were part of a URL, each in every form in which it can be quoted. */
  readonly urlSecrets: readonly string[];
  readonly organization: string | null;
  readonly project: string | null;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null unless the upstream is Azure OpenAI. */
  readonly azure: { readonly endpoint: string; readonly apiVersion: string } | null;
  readonly model: string;
  readonly imageModel: string | null;
  readonly idleTimeoutMs: number;
  readonly commentTimeoutMs: number;
  /** Whether the upstream works in background mode, so that a lost generation can be found again. */
  readonly background: boolean;
  /** Which API makes the images; AUTO uses the Image API where it makes several images in one request. */
  readonly api: 'AUTO' | 'RESPONSES' | 'IMAGES';
  /** Whether source images are uploaded to the upstream as files, instead of being sent with every request. */
  readonly files: boolean;
  /** Whether to limit how often the mainline model calls its tool: some services reject the parameter. */
  readonly boundsToolCalls: boolean;
  /** Whether the upstream may keep requests and responses. */
  readonly store: boolean;
  /** Whether responses and files are deleted at the upstream, too, when their images are deleted for good. */
  readonly deletesPurged: boolean;
  /** Whether the metadata of images is sent with them: it often says where a photo was taken. */
  readonly keepsMetadata: boolean;
  /** Whether the upstream is told which calls belong to the same person, by a hash. */
  readonly safetyIdentifier: boolean;
}

/** What is sent as the key to a service that needs none: the SDK requires one. */
export const NO_API_KEY = 'none';

/** The default mainline model: small, current, and with no announced shutdown. */
const DEFAULT_MODEL = 'gpt-5.4-mini';

const SWITCH = ['auto', 'on', 'off'] as const;

/** An HTTP field line (RFC 9110): a name, a colon, and a value. */
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)$/u;

/** What a header line has after its name; null when it is no header line. */
function headerOf(line: string): readonly [string, string] | null {
  const [, name, value] = HEADER_LINE.exec(line) ?? [];
  return name === undefined || value === undefined || !isHeaderValue(value) ? null : [name, value];
}

/** Headers by which HTTP itself divides a connection into messages: undici sends no request that sets them. */
const FRAMING_HEADERS: ReadonlySet<string> = new Set([
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** The error message does not repeat the headers, because they may contain a secret. */
const headerLines = v.pipe(
  v.string(),
  v.check(
    (value) => linesOf(value).every((line) => headerOf(line) !== null),
    'must be lines such as "x-team: pictures", one header each',
  ),
  v.check(
    (value) => linesOf(value).every((line) => !FRAMING_HEADERS.has(headerOf(line)?.[0].toLowerCase() ?? '')),
    `must not set ${[...FRAMING_HEADERS].join(', ')}, which belong to the connection`,
  ),
  v.transform((value) =>
    Object.fromEntries(
      linesOf(value)
        .map(headerOf)
        .filter((header) => header !== null),
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
  OPENAI_API_KEY: v.optional(headerText),
  OPENAI_BASE_URL: v.optional(httpUrl),
  OPENAI_ORG_ID: orNull(headerText),
  OPENAI_PROJECT_ID: orNull(headerText),
  OPENAI_CUSTOM_HEADERS: orNull(headerLines),
  AZURE_OPENAI_ENDPOINT: v.optional(httpUrl),
  AZURE_OPENAI_API_KEY: v.optional(headerText),
  OPENAI_API_VERSION: v.optional(v.string()),
  OPENAI_MODEL: v.optional(v.string(), DEFAULT_MODEL),
  OPENAI_IMAGE_MODEL: orNull(v.string()),
  UPSTREAM_IDLE_TIMEOUT_MS: integerOr(120_000, 100, 3_600_000),
  UPSTREAM_COMMENT_TIMEOUT_MS: integerOr(600_000, 100, 3_600_000),
  UPSTREAM_BACKGROUND: oneOf(SWITCH, 'auto'),
  UPSTREAM_API: oneOf(['auto', 'both', 'responses', 'images'], 'auto'),
  UPSTREAM_FILES: oneOf(SWITCH, 'auto'),
  UPSTREAM_STORE: oneOf(['on', 'off'], 'on'),
  UPSTREAM_DELETE: oneOf(['on', 'off'], 'off'),
  UPSTREAM_KEEP_METADATA: oneOf(['on', 'off'], 'off'),
  UPSTREAM_SAFETY_IDENTIFIER: oneOf(['on', 'off'], 'on'),
};

type Values = v.InferOutput<v.ObjectSchema<typeof UPSTREAM_ENVIRONMENT, undefined>>;

/** Problems with combinations of variables that are valid one by one. */
export function upstreamProblems(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const problems: string[] = [];
  if (given['AZURE_OPENAI_ENDPOINT'] !== undefined) {
    for (const name of ['AZURE_OPENAI_API_KEY', 'OPENAI_API_VERSION']) {
      if (given[name] === undefined) problems.push(`${name} must be set when AZURE_OPENAI_ENDPOINT is set`);
    }
    if (given['OPENAI_BASE_URL'] !== undefined) {
      problems.push('OPENAI_BASE_URL must be unset when AZURE_OPENAI_ENDPOINT is set: there is only one upstream');
    }
  }
  if (given['UPSTREAM_STORE'] === 'off' && given['UPSTREAM_BACKGROUND'] === 'on') {
    problems.push(
      'UPSTREAM_BACKGROUND must not be on with UPSTREAM_STORE=off: background mode requires that the upstream ' +
        'stores the response',
    );
  }
  return problems;
}

/** Selects the upstream, and decides what `auto` means for it. */
export function upstreamConfig(values: Values): UpstreamConfig {
  const kind = upstreamKind(values);
  const { OPENAI_API_VERSION: apiVersion } = values;
  const base = withoutCredentials(values.OPENAI_BASE_URL);
  const endpoint = withoutCredentials(values.AZURE_OPENAI_ENDPOINT);
  const apiKey = kind === 'AZURE' ? values.AZURE_OPENAI_API_KEY : values.OPENAI_API_KEY;
  // As every client of HTTP does with such a URL. An API key is sent in the same header, and goes first.
  const credentials = kind === 'AZURE' || apiKey !== undefined ? {} : base.headers;
  const store = values.UPSTREAM_STORE === 'on';
  const api = {
    // It is not known which APIs a compatible service has. The Responses API is assumed.
    auto: kind === 'COMPATIBLE' ? 'RESPONSES' : 'AUTO',
    both: 'AUTO',
    responses: 'RESPONSES',
    images: 'IMAGES',
  } as const;
  const isOn = (value: (typeof SWITCH)[number], kinds: readonly UpstreamKind[]) =>
    store && (value === 'auto' ? kinds.includes(kind) : value === 'on');
  return {
    kind,
    apiKey: apiKey ?? NO_API_KEY,
    baseUrl: base.url,
    urlSecrets: [...base.secrets, ...endpoint.secrets],
    organization: values.OPENAI_ORG_ID,
    project: values.OPENAI_PROJECT_ID,
    headers: { ...credentials, ...values.OPENAI_CUSTOM_HEADERS },
    azure: endpoint.url === null || apiVersion === undefined ? null : { endpoint: endpoint.url, apiVersion },
    model: values.OPENAI_MODEL,
    imageModel: values.OPENAI_IMAGE_MODEL,
    idleTimeoutMs: values.UPSTREAM_IDLE_TIMEOUT_MS,
    commentTimeoutMs: values.UPSTREAM_COMMENT_TIMEOUT_MS,
    // Few compatible services know background mode, and some reject it. The built-in simulator ends with this process.
    background: isOn(values.UPSTREAM_BACKGROUND, ['OPENAI', 'AZURE']),
    api: api[values.UPSTREAM_API],
    files: isOn(values.UPSTREAM_FILES, ['OPENAI', 'SIMULATOR']),
    boundsToolCalls: kind === 'OPENAI' || kind === 'SIMULATOR',
    store,
    deletesPurged: values.UPSTREAM_DELETE === 'on',
    keepsMetadata: values.UPSTREAM_KEEP_METADATA === 'on',
    safetyIdentifier: values.UPSTREAM_SAFETY_IDENTIFIER === 'on',
  };
}

/** A URL without its user and password, which would be printed, logged and stored with it. */
function withoutCredentials(url: string | undefined) {
  if (url === undefined) return { url: null, secrets: [], headers: {} };
  const parsed = new URL(url);
  const { username, password } = parsed;
  if (username === '' && password === '') return { url, secrets: [], headers: {} };
  parsed.username = '';
  parsed.password = '';
  const [user, secret] = [percentDecoded(username), percentDecoded(password)];
  const pair = `${user}:${secret}`;
  // A user without a password is a token.
  const secrets = secret === '' ? [user, username] : [secret, password, pair, `${username}:${password}`];
  return {
    url: parsed.href.replace(/\/+$/u, ''),
    secrets,
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
  };
}

function upstreamKind(values: Values): UpstreamKind {
  if (values.AZURE_OPENAI_ENDPOINT !== undefined) return 'AZURE';
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = values;
  if (baseUrl !== undefined && new URL(baseUrl).hostname !== 'api.openai.com') return 'COMPATIBLE';
  return apiKey === undefined && baseUrl === undefined ? 'SIMULATOR' : 'OPENAI';
}
