/** Upstreams that give no picture, and say so in a way of their own. */
import { errorReply, type Json, type Reply, streamReply } from '../../support/scripted-upstream.ts';
import { fails, raw, type Wild } from './cases.ts';

const JSON_LABEL = { 'content-type': 'application/json' };
const limited = (wait: string): Reply => errorReply(429, { message: 'Slow down.' }, { 'retry-after': wait });
const body = (value: unknown, status = 200): Reply => raw(JSON.stringify(value), { status, headers: JSON_LABEL });
const error: Json = { message: 'It broke.', type: 'server_error' };

export const REFUSALS: Wild = {
  'an error document with status 200': fails(body({ error }), 'UPSTREAM_UNAVAILABLE'),
  'an error of words with status 200': fails(body({ error: 'The pool is exhausted.' }), 'UPSTREAM_UNAVAILABLE'),
  'a detail with status 200': fails(body({ detail: 'Not authenticated' }), 'UPSTREAM_UNAVAILABLE'),
  'a code of numbers with status 200': fails(
    body({ code: 500, msg: 'internal error', data: null }),
    'UPSTREAM_UNAVAILABLE',
  ),
  'no success with status 200': fails(
    body({ success: false, message: 'no available channel' }),
    'UPSTREAM_UNAVAILABLE',
  ),
  'errors in a list with status 200': fails(
    body({ success: false, errors: [{ code: 7003, message: 'No route' }] }),
    'UPSTREAM_UNAVAILABLE',
  ),
  'a refusal with status 200': fails(
    body({ error: { code: 'moderation_blocked', message: 'Blocked.' } }),
    'MODERATION_BLOCKED',
  ),
  'null with status 200': fails(body(null), 'OUTCOME_UNKNOWN'),
  'true with status 200': fails(body(true), 'OUTCOME_UNKNOWN'),
  'a string with status 200': fails(body('rate limit exceeded'), 'OUTCOME_UNKNOWN'),
  'an empty list with status 200': fails(body([]), 'OUTCOME_UNKNOWN'),
  'an empty object with status 200': fails(body({}), 'NO_IMAGE'),
  'nothing with status 200': fails(raw(''), 'OUTCOME_UNKNOWN'),
  'nothing with status 204': fails({ status: 204, writes: [] }, 'UPSTREAM_UNAVAILABLE'),
  'accepted with status 202 and an address': fails(
    { status: 202, headers: { location: '/v1/responses/resp_later', ...JSON_LABEL }, writes: [] },
    'OUTCOME_UNKNOWN',
  ),
  'a chat completion in place of a response': fails(
    body({ object: 'chat.completion', choices: [{ message: { role: 'assistant', content: 'A cat.' } }] }),
    'NO_IMAGE',
  ),
  'a page with status 200': fails(raw('<html><title>Just a moment...</title></html>'), 'UPSTREAM_UNAVAILABLE'),
  'a page with status 403': fails(raw('<html>Attention Required! | Cloudflare</html>', { status: 403 }), 'INTERNAL'),
  'a page with status 413': fails(raw('<html>413 Request Entity Too Large</html>', { status: 413 }), 'INVALID_REQUEST'),
  'a page with status 524': fails(raw('<html>524: A timeout occurred</html>', { status: 524 }), 'UPSTREAM_UNAVAILABLE'),
  'plain text with status 502': fails(raw('error code: 502', { status: 502 }), 'UPSTREAM_UNAVAILABLE'),
  '429 with a string': fails(body('Too many requests', 429), 'RATE_LIMITED'),
  '429 with null': fails(body(null, 429), 'RATE_LIMITED'),
  '429 with nothing': fails(raw('', { status: 429 }), 'RATE_LIMITED'),
  '429 with a list': fails(body([{ message: 'Slow down.' }], 429), 'RATE_LIMITED'),
  '429 in a body that is cut': fails(
    raw('{"error":{"mess', { status: 429, headers: JSON_LABEL, ending: 'destroy' }),
    'RATE_LIMITED',
  ),
  'a wait until a date that has passed': fails(limited('Wed, 21 Oct 2015 07:28:00 GMT'), 'RATE_LIMITED'),
  'a wait that is negative': fails(limited('-5'), 'RATE_LIMITED'),
  'a wait of thirty years': fails(limited('1000000000'), 'RATE_LIMITED'),
  'a wait beyond numbers': fails(limited('1e309'), 'RATE_LIMITED'),
  'a wait that is a word': fails(limited('soon'), 'RATE_LIMITED'),
  'two waits': fails(limited('5, 5'), 'RATE_LIMITED'),
  'a wait that is empty': fails(limited(''), 'RATE_LIMITED'),
  'a refusal that passes once': {
    replies: [errorReply(429, { message: 'Slow down.' }, { 'retry-after': '-1' }), body({ error })],
    images: 0,
    code: 'RATE_LIMITED',
  },
  'the error of another service as text': fails(
    body({ error: { message: JSON.stringify({ error: { code: 'moderation_blocked', message: 'Blocked.' } }) } }, 400),
    'MODERATION_BLOCKED',
  ),
  'an error event at first': fails(
    streamReply([{ type: 'error', error: { code: 'rate_limit_exceeded', message: 'Slow down.' } }]),
    'RATE_LIMITED',
  ),
  'an error event of flat fields': fails(
    streamReply([{ type: 'error', code: 'rate_limit_exceeded', message: 'Slow down.', sequence_number: 0 }]),
    'RATE_LIMITED',
  ),
  'an error as a string in a stream': fails(
    raw('data: {"error":"upstream connect error"}\n\n'),
    'UPSTREAM_UNAVAILABLE',
  ),
  'an error named by its event alone': fails(raw('event: error\ndata: upstream timed out\n\n'), 'UPSTREAM_UNAVAILABLE'),
  'an error and [DONE]': fails(raw(`data: ${JSON.stringify({ error })}\n\ndata: [DONE]\n\n`), 'UPSTREAM_UNAVAILABLE'),
  'comments and a close': fails(raw(': keepalive\n\n: keepalive\n\n'), 'OUTCOME_UNKNOWN'),
  '[DONE] alone': fails(raw('data: [DONE]\n\n'), 'OUTCOME_UNKNOWN'),
  'status 401 that quotes the key': fails(
    errorReply(401, { message: 'Incorrect API key provided: sk-wild-secret-0123456789.' }),
    'INTERNAL',
  ),
  'status 200 that quotes the key': fails(
    body({ error: { message: 'Bad key sk-wild-secret-0123456789' } }),
    'UPSTREAM_UNAVAILABLE',
  ),
  'status 599': fails(body({ error }, 599), 'UPSTREAM_UNAVAILABLE'),
  'status 499': fails(body({ error: { message: 'client closed request' } }, 499), 'INVALID_REQUEST'),
  'status 418': fails(body('I am a teapot', 418), 'INVALID_REQUEST'),
  'a redirect to a login page': fails(
    { status: 302, headers: { location: 'https://login.invalid/?token=hidden' }, writes: [] },
    'OUTCOME_UNKNOWN',
  ),
  'headers and a cut': fails(raw('', { ending: 'destroy' }), 'OUTCOME_UNKNOWN'),
  'a cut before the headers': fails({ beforeHeaders: 'destroy' }, 'OUTCOME_UNKNOWN'),
};
