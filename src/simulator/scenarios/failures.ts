/**
 * The scenarios in which a response fails: one for each known error of the upstream, and those in which only every
 * second create of the same prompt fails, as can happen to several that run at the same time.
 * Source of the codes: `ResponseError.code` and `Response.IncompleteDetails.reason` of the SDK, 7.59.0.
 */
import { RATE_LIMITED, type Scenario } from './scenario.ts';

const FAILED = 'The server had an error while processing your request. Sorry about that!';

/** `response.error.code`, with a message like the upstream's. */
const ERRORS: Readonly<Record<string, string>> = {
  server_error: FAILED,
  rate_limit_exceeded: 'Rate limit reached for the image model. Please try again later.',
  invalid_prompt: 'Invalid prompt: your prompt was flagged as potentially violating our usage policy.',
  data_residency_mismatch: 'The request cannot be processed in the data region of this project.',
  bio_policy: 'This request was blocked by our policy on biological risks.',
  misalignment_policy_violation: 'This request was blocked by our policy on misalignment.',
  vector_store_timeout: 'The vector store took too long to answer.',
  invalid_image: 'The image data you provided does not represent a valid image.',
  invalid_image_format: 'The image format is not supported.',
  invalid_base64_image: 'The image is not valid base64.',
  invalid_image_url: 'The image URL is not valid.',
  image_too_large: 'The image is too large.',
  image_too_small: 'The image is too small.',
  image_parse_error: 'The image could not be parsed.',
  image_content_policy_violation: 'The image was rejected by the safety system.',
  invalid_image_mode: 'The mode of the image is not supported.',
  image_file_too_large: 'The image file is too large.',
  unsupported_image_media_type: 'The media type of the image is not supported.',
  empty_image_file: 'The image file is empty.',
  failed_to_download_image: 'The image could not be downloaded.',
  image_file_not_found: 'The image file was not found.',
};

const INCOMPLETE_REASONS = ['max_messages', 'content_filter', 'steered'];

function dashed(name: string): string {
  return name.replaceAll('_', '-');
}

const BY_CODE = Object.entries(ERRORS).map(([code, message]): [string, Scenario] => [
  `error-${dashed(code)}`,
  { description: `Ends with response.failed (${code}).`, work: { ending: 'failed', failure: { code, message } } },
]);

const BY_REASON = INCOMPLETE_REASONS.map((incompleteReason): [string, Scenario] => [
  `incomplete-${dashed(incompleteReason)}`,
  {
    description: `Ends with response.incomplete (${incompleteReason}).`,
    work: { ending: 'incomplete', incompleteReason },
  },
]);

export const FAILURE_SCENARIOS: Readonly<Record<string, Scenario>> = {
  failed: { description: 'Ends with response.failed (server_error).', work: { ending: 'failed' } },
  ...Object.fromEntries(BY_CODE),
  incomplete: { description: 'Ends with response.incomplete (max_output_tokens).', work: { ending: 'incomplete' } },
  ...Object.fromEntries(BY_REASON),
  'incomplete-moderated': {
    description: 'Blocked while drawing: the item fails with moderation details, then the response is incomplete.',
    work: { ending: 'moderated', incompleteReason: 'content_filter' },
  },
  'azure-content-filter': {
    description: "HTTP 400 of Azure's content filter: blocked by category, before anything is drawn.",
    reject: {
      status: 400,
      code: 'content_filter',
      param: 'prompt',
      message:
        "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.",
      details: {
        innererror: {
          code: 'ResponsibleAIPolicyViolation',
          content_filter_result: {
            hate: { filtered: false, severity: 'safe' },
            jailbreak: { filtered: false, detected: false },
            self_harm: { filtered: false, severity: 'safe' },
            sexual: { filtered: false, severity: 'low' },
            violence: { filtered: true, severity: 'medium' },
          },
        },
      },
    },
  },
  'failed-unexplained': {
    description: 'The item fails without an error, the model says so in a message, and the response completes.',
    work: { ending: 'unexplained' },
  },
  'every-other-fails': {
    description: 'Of the creates of the same prompt, the 2nd, the 4th, … end with response.failed (server_error).',
    everyOther: { work: { ending: 'failed' } },
  },
  'every-other-moderated': {
    description: 'Of the creates of the same prompt, the 2nd, the 4th, … are blocked while drawing.',
    everyOther: { work: { ending: 'moderated' } },
  },
  'every-other-rate-limited-once': {
    description:
      'Of the creates of the same prompt, the 2nd, the 4th, … get HTTP 429 with retry-after: 1, during that second only.',
    everyOther: { rejectBriefly: { ...RATE_LIMITED, headers: { 'retry-after': '1' } } },
  },
};
