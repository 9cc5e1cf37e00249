/** Errors in every form in which services write them: their words are kept, masked and of limited length. */
import { describe, expect, it } from 'vitest';
import { type Json, jsonReply, type Reply, streamReply } from '../support/scripted-upstream.ts';
import { providerError, run } from './run.ts';

const WORDS = 'The size huge is wrong.';

/** The form, its body, and the content type. */
const FORMS: readonly [string, string | Json | readonly unknown[], string?][] = [
  ['OpenAI', { error: { message: WORDS, type: 'invalid_request_error', param: 'size', code: null } }],
  ['a message without its wrapping', { message: WORDS, statusCode: 400 }],
  ['an error that is text', { error: WORDS }],
  ['an error that is a code, and a message', { error: 'bad_request', message: WORDS }],
  ['OAuth', { error: 'invalid_request', error_description: WORDS }],
  ['FastAPI', { detail: WORDS }],
  ['FastAPI, about a field', { detail: [{ loc: ['body', 'tools', 0, 'size'], msg: WORDS, type: 'value_error' }] }],
  ['FastAPI around OpenAI', { detail: { error: { message: WORDS, code: 'x' } } }],
  [
    'problem details',
    { type: 'about:blank', title: 'Bad Request', status: 400, detail: WORDS },
    'application/problem+json',
  ],
  ['a list of objects', { errors: [{ code: 1000, message: WORDS }], success: false }],
  ['a list of texts', { errors: [WORDS, 'And more.'] }],
  ['messages by field', { errors: { size: [WORDS] } }],
  ['several messages', { statusCode: 400, message: [WORDS, 'And more.'] }],
  ['a list around everything', [{ error: { code: 400, message: WORDS, status: 'INVALID_ARGUMENT' } }]],
  ['JSON:API', { errors: [{ title: 'Invalid', detail: WORDS, source: { pointer: '/size' } }] }],
  ['Ajv', { errors: [{ instancePath: '/tools/0', keyword: 'enum', message: WORDS }] }],
  ['an error of another service as text', { error: { message: `{"error": {"message": "${WORDS}"}}` } }],
  ['JSON as text', JSON.stringify(JSON.stringify({ detail: WORDS }))],
  ['text', `${WORDS}\r\n`, 'text/plain'],
  ['text without a type', WORDS, ''],
  [
    'a web page',
    `<!doctype html><style>p{}</style><title>400</title><p>${WORDS.replaceAll(' ', '&nbsp;')}`,
    'text/html',
  ],
];

function replyOf(body: string | Json | readonly unknown[], contentType = 'application/json', status = 400): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { 'content-type': contentType }, writes: [text] };
}

describe.each(['RESPONSES', 'IMAGES'] as const)('an error of the %s API', (api) => {
  it.each(FORMS)('in the form of %s is told with its words', async (_, body, contentType) => {
    for (const status of [400, 422]) {
      const { failure, kind } = providerError(await run(replyOf(body, contentType, status), { request: { api } }));
      expect(failure).toMatchObject({ code: 'INVALID_REQUEST', retryable: false });
      expect(failure.message).toContain(WORDS);
      expect(kind).toBe('NOTHING_BOUGHT');
    }
  });

  it.each(FORMS)('in the form of %s keeps no keys, no line ends and no endless text', async (_, body, contentType) => {
    const words = `Org org-abc123 and proj_abc123 said: key sk-proj-abcdefgh1234 is\\nno good, ${'x'.repeat(5_000)}`;
    const text = (typeof body === 'string' ? body : JSON.stringify(body)).replaceAll(WORDS, words);
    const { failure } = providerError(await run(replyOf(text, contentType), { request: { api } }));
    expect(failure.message).not.toMatch(/sk-proj|abc123|\n/u);
    expect(failure.message.length).toBeLessThan(500);
  });

  it('is told with its words inside a stream, too', async () => {
    for (const report of [
      { error: WORDS },
      { error: { detail: WORDS } },
      { message: WORDS },
      { error: { message: [WORDS] } },
    ]) {
      const event = { type: 'error', code: 'invalid_prompt', ...report };
      const { failure } = providerError(await run(streamReply([event]), { request: { api } }));
      expect(failure.message).toContain(WORDS);
    }
  });

  it.each<[string, Reply]>([
    ['no body', { status: 400, headers: { 'content-type': 'application/json' } }],
    ['an empty object', jsonReply({}, { status: 400 })],
    ['an error that is null', jsonReply({ error: null }, { status: 400 })],
    ['a number', replyOf('17')],
    ['wrapped a hundred times', replyOf(`${'{"error":'.repeat(100)}"deep"${'}'.repeat(100)}`)],
    ['broken JSON', replyOf('{"error": {"mess')],
  ])('with %s is read by its status', async (_, reply) => {
    const { failure } = providerError(await run(reply, { request: { api } }));
    expect(failure).toMatchObject({ code: 'INVALID_REQUEST', retryable: false });
  });
});
