/** Upstreams that work in the background, and are looked at in ways of their own. */
import { picture } from '../../api/steps.ts';
import {
  base64,
  cutReply,
  errorReply,
  type Json,
  jsonReply,
  type Reply,
  recordedEvents,
  sse,
  streamReply,
} from '../../support/scripted-upstream.ts';
import { gives, raw, type Wild, type WildCase } from './cases.ts';

export const PLUM = await picture('plum');
const EVENTS: Json[] = JSON.parse(
  JSON.stringify(recordedEvents({ pictures: [{ bytes: PLUM }] })).replaceAll('gpt-5.6', 'gpt-5.4-mini'),
);
const RESPONSE: Json = { ...Object(EVENTS.at(-1)?.['response']) };
const TEXT = EVENTS.map(sse).join('');
const WHOLE = TEXT.indexOf(`"${base64(PLUM)}"`) + base64(PLUM).length + 2;
const JSON_LABEL = { headers: { 'content-type': 'application/json' } };
const lost = streamReply(EVENTS.slice(0, 4), { ending: 'destroy' });
const notFound = errorReply(404, { message: 'Response not found.' });
const item: Json = { id: 'ig_0', type: 'image_generation_call', status: 'completed' };
const running: Json = { ...RESPONSE, status: 'in_progress', output: [], usage: null };

function then(...later: readonly Reply[]): WildCase {
  return { ...gives(lost), replies: [lost, ...later] };
}

export const KEPT: Wild = {
  'cut right behind the bytes, and gone': {
    ...gives(lost),
    replies: [cutReply({ writes: [TEXT] }, WHOLE, 'destroy'), notFound],
  },
  'cut right behind the bytes, and streamed again': {
    ...gives(lost),
    replies: [cutReply({ writes: [TEXT] }, WHOLE, 'destroy'), streamReply(EVENTS.slice(4))],
  },
  'not streamed again, but to be seen': then(errorReply(400, { message: 'No streaming here.' }), jsonReply(RESPONSE)),
  'a web page while it is streamed again': then(raw('<html>502</html>', { status: 502 }), streamReply(EVENTS.slice(4))),
  'a document in place of the stream': then(jsonReply(RESPONSE)),
  'a document in an envelope in place of the stream': then(jsonReply({ code: 0, data: RESPONSE })),
  'a document cut behind the bytes, and then whole': then(
    errorReply(400, { message: 'No streaming here.' }),
    raw(JSON.stringify(RESPONSE).slice(0, -40), { ...JSON_LABEL, ending: 'destroy' }),
    jsonReply(RESPONSE),
  ),
  'a status that runs, with the image in it': then(
    errorReply(400, { message: 'No streaming here.' }),
    jsonReply({ ...running, output: [{ ...item, result: base64(PLUM) }] }),
    jsonReply(RESPONSE),
  ),
  'JSON Lines in place of the stream': then(
    raw(
      EVENTS.slice(4)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    ),
  ),
  'completed without its bytes': {
    ...then(jsonReply({ ...RESPONSE, output: [{ ...item, result: null }] })),
    images: 0,
    code: 'NO_IMAGE',
  },
  'not found from the first look on': { ...then(notFound), images: 0, code: 'OUTCOME_UNKNOWN' },
};
