/**
 * Recognises a block by a safety system or a content policy: by its code, which every service spells in its own way, or,
 * where there is none, by its words.
 */
import { asObject, asText, type JsonObject } from '../json-values.ts';

/** Codes and types such as `ResponsibleAIPolicyViolation` (Azure), `moderation_blocked`, `IMAGE_SAFETY`, `DataInspectionFailed`. */
const BLOCK_CODE =
  /moderation|content_?(?:policy|filter|safety|violation)|sensitive_?content|policy_?violation|inspection_?failed|prohibited_?content|\bnsfw|^(?:image_)?safety|^bio_policy$/iu;
/** Codes about a parameter of such a name. */
const OTHER_CODE = /^(?:invalid|unknown|unsupported|missing)/iu;

const POLICY =
  '(?:safety (?:system|filter|polic|check|guard)|content[- ](?:management |moderation |safety |usage )?(?:polic|filter|guideline|moderation)|usage polic|community guideline|responsible ?ai)';
const REFUSAL = '(?:reject|block|filter|flag|violat|refus|den(?:y|ied)|trigger|disallow|not allowed|against|prohibit)';
const BLOCK_WORDS = new RegExp(
  [
    String.raw`\b${REFUSAL}\w*\b.{0,160}\b${POLICY}`,
    String.raw`\b${POLICY}.{0,160}\b${REFUSAL}`,
    String.raw`\bnsfw (?:content|image)|\b(?:inappropriate|prohibited|sensitive|unsafe) (?:content|words?)\b`,
  ].join('|'),
  'isu',
);
/** Whole accounts are blocked for the same reasons; that is for the operator of this server. */
const ACCOUNT_WORDS =
  /\b(?:account|organi[sz]ation|api key|subscription)\b.{0,60}\b(?:suspend|terminat|bann?ed|disabled|deactivat|blocked)/isu;

/** By the report's code alone. */
export function isBlockCode(report: JsonObject): boolean {
  const inner = asObject(report['innererror']) ?? asObject(report['inner_error']);
  return [report['code'], report['type'], inner?.['code']]
    .map((code) => asText(code) ?? '')
    .some((code) => BLOCK_CODE.test(code) && !OTHER_CODE.test(code));
}

/** By the words. @param words the report's message without what it quotes of the prompt */
export function isBlockInWords(words: string): boolean {
  return BLOCK_WORDS.test(words) && !ACCOUNT_WORDS.test(words);
}
