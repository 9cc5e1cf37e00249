/** What a client reads when it accepts no media type that its answer can have. The body is JSON all the same. */
const SUBSCRIPTION =
  'A subscription is answered with text/event-stream, which the Accept header of this request does not allow. Add it, or ' +
  'subscribe over WebSocket.';
const SINGLE =
  'The answer is application/graphql-response+json or application/json, and the Accept header of this request allows neither.';

export const NOT_ACCEPTABLE_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

export function notAcceptableBody({ isSubscription }: { readonly isSubscription: boolean }): string {
  const message = isSubscription ? SUBSCRIPTION : SINGLE;
  return JSON.stringify({ errors: [{ message, extensions: { code: 'NOT_ACCEPTABLE' } }] });
}
