/** A minimal client for subscriptions over server-sent events, like the one for WebSocket (graphql-socket.ts). */
import { type ClientRequest, request } from 'node:http';
import type { SocketOptions, Subscription } from './graphql-socket.ts';

const NEXT = 'event: next\ndata: ';
const COMPLETE = 'event: complete';
/** Not every server sends it. */
const ID = /^id: .*\n/u;

/** Subscribes over its own connection. `onEnd` is called at the end of the events, or of the connection. */
export function followEvents({ url, onNext, onEnd }: SocketOptions, subscription: Subscription): ClientRequest {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const asked = request(`${url}/graphql`, { method: 'POST', headers, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const events = (text + chunk).split('\n\n');
      text = events.pop() ?? '';
      for (const whole of events) {
        const event = whole.replace(ID, '');
        if (event.startsWith(NEXT)) onNext(event.slice(NEXT.length));
        else if (event.startsWith(COMPLETE)) onEnd?.();
      }
    });
    // An abort by this client ends here too, as expected.
    response.on('error', () => undefined);
    response.on('close', () => onEnd?.());
  });
  asked.on('error', () => onEnd?.());
  asked.end(JSON.stringify(subscription));
  return asked;
}
