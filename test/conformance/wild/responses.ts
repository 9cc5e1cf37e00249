/** Upstreams of the Responses API that give their picture in a way of their own. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { picture } from '../../api/steps.ts';
import { upTo } from '../../api/upstreams.ts';
import {
  base64,
  compatibleEvents,
  type Json,
  jsonReply,
  recordedEvents,
  type ScriptedResponse,
  sse,
  sseUnnamed,
  streamReply,
} from '../../support/scripted-upstream.ts';
import { fails, gives, raw, type Wild } from './cases.ts';

export const TEAL = await picture('teal');
const PINK = await picture('pink');
const PICTURES = [{ bytes: TEAL, partials: [PINK] }];
/** The prices of this model are known. */
const priced = (events: readonly Json[]): Json[] =>
  JSON.parse(JSON.stringify(events).replaceAll('gpt-5.6', 'gpt-5.4-mini'));
const recorded = (response: ScriptedResponse) => priced(recordedEvents(response));
const EVENTS = recorded({ pictures: PICTURES });
const TEXT = EVENTS.map(sse).join('');
const LAST = EVENTS.at(-1) ?? {};
const RESPONSE: Json = { ...Object(LAST['response']) };
const DOCUMENT = JSON.stringify(RESPONSE);
const ITEM: Json = { id: 'ig_0', type: 'image_generation_call', status: 'completed', result: base64(TEAL) };
const JSON_LABEL = { headers: { 'content-type': 'application/json' } };
const JSON_LINES = { headers: { 'content-type': 'application/x-ndjson' } };

const untilPicture = upTo(EVENTS, ({ type, item }) => {
  return type === 'response.output_item.done' && Object(item).type === 'image_generation_call';
});
/** Behind the closing quote of the first string that has the whole picture. */
export const WHOLE_AT = TEXT.indexOf(`"${base64(TEAL)}"`) + base64(TEAL).length + 2;
export const STREAM = TEXT;
const wholeBytes = TEXT.slice(0, WHOLE_AT);
const changed = (change: (event: Json, nth: number) => Json) => EVENTS.map(change);
const numberedBy = (number: (nth: number) => unknown) =>
  changed((event, nth) => ({ ...event, sequence_number: number(nth) }));
const ended = (response: Json) => [...EVENTS.slice(0, -1), { ...LAST, response: { ...RESPONSE, ...response } }];
const zero = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
const rotating = EVENTS.map((event, nth) => JSON.parse(JSON.stringify(event).replaceAll('"ig_0"', `"ig_0_${nth}"`)));
const error = (code: string, more: Json = {}): Json => ({
  type: 'error',
  error: { code, message: 'It broke.' },
  ...more,
});

/** Everything at once: other ids, a data URL, zeros, one event for all ends, a wrong label, compression. */
const everything = brotliCompressSync(
  recorded({ pictures: [{ bytes: TEAL, item: { result: `data:image/png;base64,${base64(TEAL)}` } }] })
    .map((event, nth) => JSON.parse(JSON.stringify(event).replaceAll('"ig_0"', `"ig_${nth}"`)))
    .map((event: Json) =>
      event['type'] === 'response.completed'
        ? { type: 'response.done', response: { ...Object(event['response']), usage: zero, tool_usage: null } }
        : event,
    )
    .map(sseUnnamed)
    .join(''),
);

export const RESPONSES: Wild = {
  'every habit at once behind a redirect': {
    replies: [
      { status: 303, headers: { location: '/v1/answers/9' }, writes: [] },
      raw(everything, { headers: { 'content-type': 'application/json', 'content-encoding': 'br' } }),
    ],
    images: 1,
    code: null,
  },
  'CRLF throughout': gives(raw(TEXT.replaceAll('\n', '\r\n'))),
  'CR throughout': gives(raw(TEXT.replaceAll('\n', '\r'))),
  'a byte order mark and comments before each event': gives(
    raw(`\u{feff}${EVENTS.map((event) => `: keepalive\n\n${sse(event)}`).join('')}`),
  ),
  'OPENROUTER PROCESSING comments': gives(raw(`: OPENROUTER PROCESSING\n\n${TEXT}`)),
  'ping events': gives(raw(TEXT.replaceAll('event: ', 'event: ping\ndata: {"type":"ping"}\n\nevent: '))),
  'data that is null between events': gives(raw(TEXT.replaceAll('event: ', 'data: null\n\nevent: '))),
  'data that is empty between events': gives(raw(TEXT.replaceAll('event: ', 'data:\n\nevent: '))),
  'no blank after the colons': gives(raw(TEXT.replaceAll(/^(event|data): /gmu, '$1:'))),
  'ids and retry fields': gives(raw(TEXT.replaceAll('event: ', 'id: 7\nretry: 3000\nevent: '))),
  '[DONE] after the end': gives(raw(`${TEXT}data: [DONE]\n\n`)),
  '[DONE] in place of an end': gives(raw(`${untilPicture.map(sse).join('')}data: [DONE]\n\n`)),
  'no blank line after the last event': gives(raw(TEXT.trimEnd())),
  'no blank lines at all': gives(raw(TEXT.replaceAll('\n\n', '\n'))),
  'data lines alone, without blank lines': gives(
    raw(EVENTS.map((event) => `data: ${JSON.stringify(event)}\n`).join('')),
  ),
  'JSON Lines': gives(raw(EVENTS.map((event) => `${JSON.stringify(event)}\n`).join(''), JSON_LINES)),
  'JSON documents one behind the other': gives(raw(EVENTS.map((event) => JSON.stringify(event)).join(''), JSON_LABEL)),
  'a list with the response': gives(raw(JSON.stringify([RESPONSE]), JSON_LABEL)),
  'a document with trailing line ends': gives(raw(`${DOCUMENT}\n\n\n`, JSON_LABEL)),
  'a document with trailing zero bytes': gives(raw(`${DOCUMENT}\0\0`, JSON_LABEL)),
  'a document with trailing words': gives(raw(`${DOCUMENT}\nOK`, JSON_LABEL)),
  'a document and [DONE]': gives(raw(`${DOCUMENT}data: [DONE]\n\n`, JSON_LABEL)),
  'a document twice': gives(raw(`${DOCUMENT}${DOCUMENT}`, JSON_LABEL)),
  'a document and an error behind it': gives(raw(`${DOCUMENT}${JSON.stringify(error('server_error'))}`, JSON_LABEL)),
  'an event and an error without a blank line': gives(
    raw(`${untilPicture.map(sse).join('').trimEnd()}\ndata: ${JSON.stringify(error('stream_read_error'))}\n\n`),
  ),
  'the picture and a cut event with an error written into it': gives(
    raw(`${wholeBytes}\ndata: ${JSON.stringify(error('stream_read_error'))}\n\n`),
  ),
  'a document in an envelope': gives(jsonReply({ code: 0, message: 'ok', data: RESPONSE })),
  'a document in a response field': gives(jsonReply({ response: RESPONSE })),
  'a document without its object and status': gives(jsonReply({ id: 'resp_1', output: [ITEM] })),
  'a document with a null error': gives(jsonReply({ ...RESPONSE, error: null })),
  'a document with an empty error': gives(jsonReply({ ...RESPONSE, error: {} })),
  'a document with the status succeeded': gives(jsonReply({ ...RESPONSE, status: 'succeeded' })),
  'a document with the status in_progress': gives(jsonReply({ ...RESPONSE, status: 'in_progress' })),
  'a document with a status of its own': gives(jsonReply({ ...RESPONSE, status: 'finished_ok' })),
  'a document with the status 200': gives(jsonReply({ ...RESPONSE, status: 200 })),
  'a last event with a status of its own': gives(
    streamReply([...EVENTS.slice(0, 2), { type: 'response.finished', response: { ...RESPONSE, status: 'success' } }]),
  ),
  'a document with the status failed and the bytes': gives(
    jsonReply({ ...RESPONSE, status: 'failed', error: { code: 'server_error', message: 'It broke.' } }),
  ),
  'a stream that is one byte after the other': gives({
    writes: [...Buffer.from(TEXT)].map((byte) => Buffer.from([byte])),
  }),
  'types in the names of the events alone': gives(
    raw(EVENTS.map(({ type, ...data }) => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`).join('')),
  ),
  'names behind the data': gives(
    raw(EVENTS.map(({ type, ...data }) => `data: ${JSON.stringify(data)}\nevent: ${type}\n\n`).join('')),
  ),
  'names alone, without blank lines': gives(
    raw(EVENTS.map(({ type, ...data }) => `event: ${type}\ndata: ${JSON.stringify(data)}\n`).join('')),
  ),
  'a picture cut off in an event that is named alone': gives(
    raw(wholeBytes.replaceAll(/"type":"response[^"]*",/gu, ''), { ending: 'destroy' }),
  ),
  'documents of several lines': gives(
    raw(EVENTS.map((event) => `${JSON.stringify(event, null, 2).replaceAll(/^/gmu, 'data: ')}\n\n`).join('')),
  ),
  'a document with the type of its model first': gives(raw(DOCUMENT.replace('{', '{"type":"response",'), JSON_LABEL)),
  'escaped slashes and letters': gives(raw(TEXT.replaceAll('/', '\\/'))),
  'blanks before and behind everything': gives(raw(`  \n\n${DOCUMENT}  \n`, JSON_LABEL)),
  'informational lines before the events': gives(raw(`HTTP/1.1 200 OK\nserver: nginx\n\n${TEXT}`)),
  'status 203 with a warning': gives(jsonReply(RESPONSE, { status: 203, headers: { warning: '214 - "transformed"' } })),
  'a length that is missing and a label that is unknown': gives(
    raw(TEXT, { headers: { 'content-type': 'application/octet-stream' } }),
  ),
  'status 201': gives(jsonReply(RESPONSE, { status: 201 })),
  'status 202 with the answer': gives(jsonReply(RESPONSE, { status: 202 })),
  'status 206': gives(jsonReply(RESPONSE, { status: 206 })),
  'duplicated keys, the last one null': gives(
    raw(DOCUMENT.replace('"result":', '"result":null,"result":'), JSON_LABEL),
  ),
  'duplicated ids': gives(raw(DOCUMENT.replace('"id":"ig_0"', '"id":"ig_a","id":"ig_0"'), JSON_LABEL)),
  'numbers as strings': gives(
    streamReply(
      changed((event) => ({
        ...event,
        sequence_number: String(event['sequence_number']),
        ...(event['output_index'] !== undefined && { output_index: String(event['output_index']) }),
      })),
    ),
  ),
  'tokens as strings': gives(
    streamReply(ended({ usage: { input_tokens: '2302', output_tokens: '50', total_tokens: '2352' } })),
  ),
  'tokens that are huge': gives(
    raw(EVENTS.map(sse).join('').replaceAll('"input_tokens":2302', '"input_tokens":99999999999999999999999')),
  ),
  'tokens that are negative': gives(
    streamReply(ended({ usage: { input_tokens: -5, output_tokens: -1 }, tool_usage: null })),
  ),
  'tokens that are fractions': gives(
    streamReply(ended({ usage: { input_tokens: 1.5, output_tokens: 2.25 }, tool_usage: null })),
  ),
  'tokens that are infinite': gives(raw(TEXT.replaceAll('"input_tokens":2302', '"input_tokens":1e999'))),
  'usage that is a list': gives(streamReply(ended({ usage: [zero], tool_usage: [] }))),
  'usage that is a word': gives(streamReply(ended({ usage: 'none', tool_usage: 'none' }))),
  'usage of zeros': gives(streamReply(ended({ usage: zero, tool_usage: { image_gen: zero } }))),
  'no usage': gives(streamReply(ended({ usage: null, tool_usage: null }))),
  'an event with the usage alone behind the picture': gives(
    streamReply([...EVENTS.slice(0, -1), { type: 'response.usage', usage: zero }, LAST]),
  ),
  'huge sequence numbers': gives(raw(TEXT.replaceAll('"sequence_number":', '"sequence_number":123456789012345678901'))),
  'sequence numbers that go back': gives(streamReply(numberedBy((nth) => 100 - nth))),
  'negative sequence numbers': gives(streamReply(numberedBy((nth) => nth - 50))),
  'missing sequence numbers': gives(streamReply(numberedBy(() => undefined))),
  'null sequence numbers': gives(streamReply(numberedBy(() => null))),
  'other ids and other places': gives(
    streamReply(rotating.map((event: Json, nth) => ({ ...event, output_index: nth }))),
  ),
  'negative places': gives(streamReply(changed((event) => ({ ...event, output_index: -1 })))),
  'an id that is a number': gives(streamReply(JSON.parse(JSON.stringify(EVENTS).replaceAll('"ig_0"', '7')))),
  'an id that is null': gives(streamReply(JSON.parse(JSON.stringify(EVENTS).replaceAll('"ig_0"', 'null')))),
  'a response without an id': gives(
    streamReply(JSON.parse(JSON.stringify(EVENTS).replaceAll('"resp_scripted"', 'null'))),
  ),
  'an output that is empty at the end': gives(streamReply(ended({ output: [] }))),
  'an output that is null at the end': gives(streamReply(ended({ output: null }))),
  'the image in the last event only': gives(streamReply([...EVENTS.slice(0, 2), LAST])),
  'response.done with the image alone': gives(streamReply([{ type: 'response.done', response: RESPONSE }])),
  'no end at all, and a clean close': gives(streamReply(untilPicture)),
  'a connection cut right behind the event': gives(streamReply(untilPicture, { ending: 'destroy' })),
  'a connection cut right behind the bytes': gives(raw(wholeBytes, { ending: 'destroy' })),
  'a close right behind the bytes': gives(raw(wholeBytes)),
  'a document that is cut behind the bytes': gives(
    raw(DOCUMENT.slice(0, DOCUMENT.indexOf(base64(TEAL)) + base64(TEAL).length + 1), {
      ...JSON_LABEL,
      ending: 'destroy',
    }),
  ),
  'compressed and cut behind the bytes': gives(
    raw(gzipSync(wholeBytes, { level: 0 }).subarray(0, -8), {
      headers: { 'content-encoding': 'gzip' },
      ending: 'destroy',
    }),
  ),
  'compressed by deflate': gives(raw(deflateSync(TEXT), { headers: { 'content-encoding': 'deflate' } })),
  'an error event behind the picture': gives(streamReply([...untilPicture, error('server_error')])),
  'a failure behind the picture': gives(
    streamReply([
      ...untilPicture,
      { type: 'response.failed', response: { ...RESPONSE, status: 'failed', output: [] } },
    ]),
  ),
  'an end that is incomplete behind the picture': gives(
    streamReply([
      ...EVENTS.slice(0, -1),
      { type: 'response.incomplete', response: { ...RESPONSE, status: 'incomplete' } },
    ]),
  ),
  'a cancellation behind the picture': gives(
    streamReply([...untilPicture, { type: 'response.cancelled', response: {} }]),
  ),
  'a web page behind the picture': gives(raw(`${untilPicture.map(sse).join('')}<html>504</html>`)),
  'garbage behind the picture': gives(raw(`${untilPicture.map(sse).join('')}data: {"type": oops\n\n`)),
  'garbage before the picture': gives(raw(`data: {"type": oops\n\n${TEXT}`)),
  'a status that says generating': gives(streamReply(priced(compatibleEvents({ pictures: PICTURES })))),
  'a status that says failed with the bytes': gives(
    streamReply(recorded({ pictures: [{ bytes: TEAL, item: { status: 'failed' } }] })),
  ),
  'b64_json in place of result': gives(
    streamReply(JSON.parse(JSON.stringify(EVENTS).replaceAll('"result"', '"b64_json"'))),
  ),
  'result as an object': fails(jsonReply({ ...RESPONSE, output: [{ ...ITEM, result: {} }] }), 'NO_IMAGE'),
  'result as a number': fails(jsonReply({ ...RESPONSE, output: [{ ...ITEM, result: 1e21 }] }), 'NO_IMAGE'),
  'two images where one was asked for': {
    ...gives(streamReply(recorded({ pictures: [...PICTURES, { bytes: TEAL, itemId: 'ig_b' }] }))),
    images: 2,
  },
  'a name of an event that is not its type': gives(
    raw(EVENTS.map((event) => `event: message\ndata: ${JSON.stringify(event)}\n\n`).join('')),
  ),
  'a refusal beside the picture': gives(streamReply(recorded({ pictures: PICTURES, text: 'I cannot do that.' }))),
  'an error event in the middle': fails(
    streamReply([...EVENTS.slice(0, 6), error('server_error'), ...EVENTS.slice(6)]),
    'UPSTREAM_UNAVAILABLE',
  ),
  'partials and a clean close': fails(streamReply(EVENTS.slice(0, 8)), 'OUTCOME_UNKNOWN'),
  'partials and an error': fails(streamReply([...EVENTS.slice(0, 8), error('server_error')]), 'UPSTREAM_UNAVAILABLE'),
  'result null': fails(jsonReply({ ...RESPONSE, output: [{ ...ITEM, result: null }] }), 'NO_IMAGE'),
};
