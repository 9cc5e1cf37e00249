/**
 * The log: JSON lines without secrets and of limited length. Every line passes the scrubber as it is written, so what
 * libraries put into an error, its stack or its causes does as well.
 */
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { secretsOf } from '../config/secrets.ts';
import { createScrubber, type Scrub } from '../lib/scrubber.ts';

const MAX_MESSAGE_LENGTH = 2_000;
const MAX_STACK_LENGTH = 8_000;
/** How many causes are written, one below the other, and how many errors of an AggregateError. */
const MAX_CAUSES = 6;
const MAX_ERRORS = 10;
/**
 * What clients send to prove who they are: API keys and client tokens of this server, JWTs, and the signatures of image
 * URLs. No list of them exists, only their form.
 */
const CREDENTIALS =
  /\bdk_[a-z0-9]{12}_[\w-]{43}|\bdkt_[\w-]+\.[\w-]{43}|\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*|(?<=[?&]sig=)[\w-]{22}/gu;

/** @param level where it differs from the configuration's */
export function createLogger(
  config: Pick<Config, 'upstream' | 'signing' | 'logLevel'>,
  destination: DestinationStream,
  level: pino.LevelWithSilent = config.logLevel,
): Logger {
  const scrub = createScrubber(secretsOf(config));
  const streamWrite = (line: string) => scrub(line).replace(CREDENTIALS, '[credentials]');
  return pino({ level, serializers: { err: (error) => describe(error, scrub) }, hooks: { streamWrite } }, destination);
}

/** What is written of an error. The fields that libraries add may hold whole requests with their headers. */
function describe(error: unknown, scrub: Scrub, depth = 0): unknown {
  // Scrubbed before it is cut: half a secret is not found.
  const cut = (text: string, maxLength: number) => shorten(scrub(text), maxLength);
  if (!(error instanceof Error)) return cut(String(error), MAX_MESSAGE_LENGTH);
  const { name, message, stack, cause } = error;
  const [code, status, errors]: readonly unknown[] = ['code', 'status', 'errors'].map((key) => Reflect.get(error, key));
  return {
    type: name,
    message: cut(message, MAX_MESSAGE_LENGTH),
    stack: cut(stack ?? '', MAX_STACK_LENGTH),
    ...(isPlain(code) && { code }),
    ...(isPlain(status) && { status }),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: describe(cause, scrub, depth + 1) }),
    ...(Array.isArray(errors) &&
      depth < MAX_CAUSES && { errors: errors.slice(0, MAX_ERRORS).map((each) => describe(each, scrub, depth + 1)) }),
  };
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value.length <= MAX_MESSAGE_LENGTH);
}

function shorten(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}
