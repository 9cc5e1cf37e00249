/** Documents that ask for too much, or are not what they seem. Each way in gives the same answer. */
import { expect } from 'vitest';
import { checkHostileInputs } from './check-hostile-inputs.ts';
import { type HostileInput, refused } from './hostile-input.ts';

const DOCUMENTS: readonly HostileInput[] = [
  {
    name: 'no document',
    operation: () => ({ query: 'nonsense' }),
    status: 400,
    payloads: [refused('GRAPHQL_PARSE_FAILED', 'Syntax Error: Unexpected Name "nonsense".')],
  },
  {
    name: 'a field that does not exist',
    operation: () => ({ query: '{ viewer { password } }' }),
    status: 400,
    payloads: [refused('GRAPHQL_VALIDATION_FAILED', 'Cannot query field "password" on type "Viewer".')],
  },
  {
    name: 'a field of the WebSocket protocol that is no string',
    messages: () => [JSON.stringify({ type: 'connection_init' })],
    afterAck: () => [JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 1 } })],
    answers: [{ type: 'connection_ack' }],
    closeCode: 4400,
  },
  {
    name: 'a request line that is no HTTP',
    bytes: () => 'HELLO\r\n\r\n',
    response: expect.stringContaining('400 Bad Request'),
  },
  {
    name: 'a body that is no JSON',
    request: () => ({
      path: '/graphql',
      init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' },
    }),
    status: 400,
    body: {
      errors: [
        { message: 'POST body sent invalid JSON.', extensions: expect.objectContaining({ code: 'BAD_REQUEST' }) },
      ],
    },
  },
];

checkHostileInputs('documents', DOCUMENTS);
