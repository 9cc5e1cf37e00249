/** Upstreams of the Image API with ways of their own. */
import { gzipSync } from 'node:zlib';
import { picture } from '../../api/steps.ts';
import { imagesDocument, imagesEvents } from '../../provider/scripted-images.ts';
import { base64, type Json, jsonReply, sse, streamReply } from '../../support/scripted-upstream.ts';
import { fails, gives, raw, type Wild } from './cases.ts';

export const NAVY = await picture('navy');
const GOLD = await picture('gold');
const JSON_LABEL = { headers: { 'content-type': 'application/json' } };
const LINK = 'https://cdn.invalid/1.png?signature=hidden';
const DOCUMENT = JSON.stringify(imagesDocument([NAVY]));
const TWO = JSON.stringify(imagesDocument([NAVY, NAVY]));
const EVENTS = imagesEvents([GOLD], NAVY);
const TEXT = EVENTS.map(sse).join('');
const entry: Json = { b64_json: base64(NAVY) };
const of = (data: readonly unknown[], more: Json = {}) => jsonReply({ created: 1, data, ...more });
const wholeBytes = TEXT.slice(0, TEXT.indexOf(`"${base64(NAVY)}"`) + base64(NAVY).length + 2);
const error: Json = { error: { message: 'It broke.', type: 'server_error' } };

export const IMAGES: Wild = {
  'a document': gives(jsonReply(imagesDocument([NAVY]))),
  'a document as JSON in a stream': gives(raw(`data: ${DOCUMENT}\n\ndata: [DONE]\n\n`)),
  'a document with trailing words': gives(raw(`${DOCUMENT}OK`, JSON_LABEL)),
  'a document twice': gives(raw(`${DOCUMENT}\n${DOCUMENT}`, JSON_LABEL)),
  'a document in a list': gives(raw(`[${DOCUMENT}]`, JSON_LABEL)),
  'a document in an envelope': gives(jsonReply({ code: 0, message: 'ok', data: imagesDocument([NAVY]) })),
  'a document in a response field': gives(jsonReply({ response: imagesDocument([NAVY]) })),
  'an entry in place of the list': gives(jsonReply({ created: 1, data: entry })),
  'a link beside the bytes': gives(of([{ url: LINK, ...entry }])),
  'a link that is null beside the bytes': gives(of([{ url: null, ...entry }])),
  'a link that is the data': gives(of([{ url: `data:image/png;base64,${base64(NAVY)}`, b64_json: null }])),
  'an empty string and the data in a link': gives(of([{ b64_json: '', url: `data:image/png;base64,${base64(NAVY)}` }])),
  'an error that is null': gives(of([entry], { error: null })),
  'an error that is empty': gives(of([entry], { error: {} })),
  'an error beside the picture': gives(of([entry], error)),
  'usage of zeros': gives(of([entry], { usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 } })),
  'usage of strings': gives(of([entry], { usage: { input_tokens: '5', output_tokens: 'many' } })),
  'usage that is huge': gives(of([entry], { usage: { input_tokens: 1e300, output_tokens: 1e300 } })),
  'a list with null in it': gives(of([null, entry])),
  'two pictures in one document': gives(raw(TWO, JSON_LABEL), 2),
  'three where one was asked for': { ...gives(of([entry, entry, entry])), images: 3 },
  'fewer than asked': { ...gives(of([entry]), 2), images: 1, code: 'NO_IMAGE' },
  'one of two a link': { ...gives(of([entry, { url: LINK }]), 2), images: 1, code: 'NO_IMAGE' },
  'one of two null': { ...gives(of([{ b64_json: null }, entry]), 2), images: 1, code: 'NO_IMAGE' },
  'one of two an error': { ...gives(of([entry, error]), 2), images: 1, code: 'NO_IMAGE' },
  'one of two no base64': { ...gives(of([{ b64_json: '***' }, entry]), 2), images: 1, code: 'NO_IMAGE' },
  'a cut behind the first of two': {
    ...gives(raw(TWO.slice(0, TWO.lastIndexOf(base64(NAVY)) + 40), { ...JSON_LABEL, ending: 'destroy' }), 2),
    images: 1,
    code: 'OUTCOME_UNKNOWN',
  },
  'compression cut behind the bytes': gives(
    raw(gzipSync(DOCUMENT, { level: 0 }).subarray(0, -30), {
      headers: { ...JSON_LABEL.headers, 'content-encoding': 'gzip' },
      ending: 'destroy',
    }),
  ),
  'a stream without blank lines': gives(raw(TEXT.replaceAll('\n\n', '\n'))),
  'JSON Lines': gives(raw(EVENTS.map((event) => `${JSON.stringify(event)}\n`).join(''))),
  'a stream cut right behind the bytes': gives(raw(wholeBytes, { ending: 'destroy' })),
  'a stream closed right behind the bytes': gives(raw(wholeBytes)),
  'a stream with an error behind the picture': gives(streamReply([...EVENTS, { type: 'error', ...error }])),
  'a stream with CRLF': gives(raw(TEXT.replaceAll('\n', '\r\n'))),
  'an error after partials': fails(
    streamReply([...EVENTS.slice(0, 1), { type: 'error', ...error }]),
    'UPSTREAM_UNAVAILABLE',
  ),
  'a link alone': fails(of([{ url: LINK }]), 'UPSTREAM_UNAVAILABLE'),
  'a link and null': fails(of([{ b64_json: null, url: LINK }]), 'UPSTREAM_UNAVAILABLE'),
  'an empty list': fails(of([]), 'NO_IMAGE'),
  'data that is null': fails(jsonReply({ created: 1, data: null }), 'NO_IMAGE'),
  'an error of words with status 200': fails(jsonReply({ error: 'No channel.' }), 'UPSTREAM_UNAVAILABLE'),
  'a code of numbers with status 200': fails(
    jsonReply({ code: 500, msg: 'internal', data: null }),
    'UPSTREAM_UNAVAILABLE',
  ),
  'an asynchronous task': fails(jsonReply({ task_id: 't_1', status: 'queued' }), 'NO_IMAGE'),
};
