/**
 * Finds the parameter that a report is about: by its `param`, or by the parameter's name in its words. Both have many forms
 * (`tools[0].size`, `/tools/0/size`, `body.tools.0.size`, a name in quotes).
 */
import { asText, type JsonObject } from '../json-values.ts';

/** The path of a parameter with dots only: `tools.0.size`. */
export function parameterPath(path: string): string {
  const segments = path.match(/\w+/gu) ?? [];
  const from = segments.findIndex((segment) => !WRAPPERS.has(segment));
  const named = from === -1 ? '' : segments.slice(from).join('.');
  // A request has one tool only, which some services name by its type.
  return named.replace(/^(?:tools?\.)?image_generation\.|^tool\./u, 'tools.0.');
}

const WRAPPERS: ReadonlySet<string> = new Set(['body', 'request', 'json']);
/** Parameters that hold others: the words say which one is meant. */
const CONTAINERS: ReadonlySet<string> = new Set(['', 'tools', 'tools.0']);

/**
 * The parameter that the report is about; null when it is none of these.
 * @param report without what it quotes of the prompt (`withoutPrompt`)
 * @param parameters paths of parameters that the request has (`parameterPath`)
 * @param prompt the request's: where it is one of the names, the words cannot tell them apart
 */
export function parameterNamed(report: JsonObject, parameters: readonly string[], prompt: string): string | null {
  const path = parameterPath(asText(report['param']) ?? '');
  const exact = parameters.find((each) => each === path) ?? parameters.find((each) => each.endsWith(`.${path}`));
  if (path !== '' && exact !== undefined) return exact;
  if (!CONTAINERS.has(path)) return null;
  const words = asText(report['message']) ?? '';
  const found = parameters
    .map((parameter) => ({ parameter, at: positionOf(parameter, words, prompt) }))
    .filter(({ at }) => at !== -1)
    .sort((one, other) => one.at - other.at);
  return found[0]?.parameter ?? null;
}

/** Where the words name the parameter; -1 where they do not. */
function positionOf(parameter: string, words: string, prompt: string): number {
  const name = parameter.slice(parameter.lastIndexOf('.') + 1);
  // Such a prompt, quoted in a message, cannot be told from the name.
  if (prompt.trim() === name) return -1;
  const nouns = 'parameters?|arguments?|fields?|propert(?:y|ies)|options?|keys?';
  const forms = [
    `(?<=['"\`‘“][\\w.\\[\\]/]*)(?<!\\w)${name}(?=['"\`’”])`,
    `(?<=\\btools?[\\w.\\[\\]/]{0,20}[./])${name}\\b`,
    `(?<=\\b(?:${nouns})(?:\\s+(?:supplied|provided|passed|given|named|called))?\\s*[:=]?\\s*)\\b${name}\\b`,
    `\\b${name}\\b(?=\\s+(?:${nouns})\\b)`,
    // Many names are words of the language: bare, they count at the start of a sentence only.
    name.includes('_')
      ? `\\b${name}\\b`
      : `(?<=^|[.:;!]\\s+)\\b${name}\\b(?=\\s*:|\\s+(?:is|are|was|must|can|may|not|isn)\\b)`,
  ];
  return words.search(new RegExp(forms.join('|'), 'iu'));
}

const UNKNOWN_CODES: ReadonlySet<string> = new Set([
  'unknown_parameter',
  'unsupported_parameter',
  'unrecognized_parameter',
  'unknown_field',
  'extra_forbidden',
  'value_error.extra',
  'additionalProperties',
  'unrecognized_keys',
]);
const VALUE_CODES: ReadonlySet<string> = new Set(['unsupported_value', 'invalid_value', 'invalid_type']);
const UNKNOWN_NOUN =
  /\b(?:unknown|unsupported|unrecogni[sz]ed|unexpected)\s+(?:request |keyword |body |input )*(?:parameter|argument|field|propert|option|key)\w*\b(?! values?\b)/iu;
const UNKNOWN_WORDS = new RegExp(
  [
    String.raw`\b(?:extra|additional)\b.{0,30}\b(?:parameter|argument|field|propert|option|input|key)`,
    String.raw`\b(?:is|are|was|be)(?:n.t| not| un)\s?(?:currently |yet |a )?(?:support|allowed|permitted|recogni[sz]ed|accepted|known|available|implemented|expected|valid (?:param|field|option))`,
    String.raw`\bdoes(?:n.t| not) (?:support|accept|recogni[sz]e|know|have)\b`,
    String.raw`\b(?:only supported|not supported|no longer supported|not implemented|not permitted|no such)\b`,
  ].join('|'),
  'iu',
);
const VALUE_WORDS = /\bvalues?\b|\bmust be (?!omitted|removed|unset|left)|\bone of\b|\bbetween\b/iu;

/** Whether the report says that its parameter is not known here at all, and not only its value. */
export function isUnknownParameter(report: JsonObject): boolean {
  const code = asText(report['code']) ?? '';
  if (UNKNOWN_CODES.has(code)) return true;
  const message = asText(report['message']) ?? '';
  if (VALUE_CODES.has(code)) return false;
  return UNKNOWN_NOUN.test(message) || (UNKNOWN_WORDS.test(message) && !VALUE_WORDS.test(message));
}
