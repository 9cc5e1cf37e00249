/**
 * Every secret of the configuration, for the scrubber (src/lib/scrubber.ts). A new variable that holds a secret is added
 * here, and nowhere else.
 */
import type { Config } from './config.ts';
import { NO_API_KEY } from './upstream.ts';

/** Headers whose value is a secret, however it looks. */
const SECRET_HEADER = /auth|cookie|credential|key|pass|secret|session|sign|token/iu;
/** A word of another header, such as a team's name, would be found in ordinary text. No longer word is an ordinary one. */
const PLAIN_WORD = /^\p{L}{0,15}$/u;
/** What separates the scheme, the names and the secrets in a header such as `Cookie` or `Authorization`. */
const HEADER_SEPARATORS = /[\s;,="]+/u;

/** Not unique, and some may be too short to be searched for. */
export function secretsOf({ upstream, signing }: Pick<Config, 'upstream' | 'signing'>): readonly string[] {
  const { apiKey, organization, project, headers, urlSecrets } = upstream;
  return [
    ...(apiKey === NO_API_KEY ? [] : [apiKey]),
    ...[organization, project].filter((id) => id !== null),
    ...urlSecrets,
    ...(signing.secrets ?? []),
    ...Object.entries(headers).flatMap(([name, value]) => secretsOfHeader(name, value)),
  ];
}

function secretsOfHeader(name: string, value: string): string[] {
  const isSecret = SECRET_HEADER.test(name);
  const parts = [value, ...value.split(HEADER_SEPARATORS)];
  const basic = /^basic\s+(\S+)$/iu.exec(value)?.[1];
  if (basic !== undefined) {
    const credentials = Buffer.from(basic, 'base64').toString();
    parts.push(credentials, credentials.slice(credentials.indexOf(':') + 1));
  }
  return parts.filter((part) => isSecret || !PLAIN_WORD.test(part));
}
