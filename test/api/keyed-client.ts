/** A client of a server with authentication: every request carries a key or token. */
import { type UploadOptions, uploadForm } from '../support/upload.ts';
import { picture } from './steps.ts';

/** GraphQL data without types: these tests send many small documents. */
// biome-ignore lint/suspicious/noExplicitAny: each document is a string in its test, beside what is read from its answer; nothing could type them.
type Data = any;

export type Variables = Readonly<Record<string, unknown>>;

export interface KeyedClient {
  /** The whole answer. */
  send(query: string, variables?: Variables): Promise<Data>;
  /** The data of an operation that must succeed. */
  data(query: string, variables?: Variables): Promise<Data>;
  /** The answer to an upload of a small picture. */
  upload(conversationId: string | null, options?: UploadOptions): Promise<Data>;
  /** What a subscription sends until it ends, or until `count` messages. */
  follow(query: string, variables: Variables, count?: number): Promise<readonly Data[]>;
}

export function clientWith(url: string, token: string): KeyedClient {
  const authorization = `Bearer ${token}`;

  async function send(query: string, variables: Variables = {}): Promise<Data> {
    const headers = { 'content-type': 'application/json', authorization };
    const body = JSON.stringify({ query, variables });
    return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json();
  }

  return {
    send,
    async data(query, variables) {
      const { data, errors } = await send(query, variables);
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return data;
    },
    async upload(conversationId, options) {
      const body = uploadForm(await picture('red'), conversationId === null ? options : { ...options, conversationId });
      const headers = { authorization, 'apollo-require-preflight': 'true' };
      return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json();
    },
    async follow(query, variables, count = Number.POSITIVE_INFINITY) {
      const headers = { 'content-type': 'application/json', accept: 'text/event-stream', authorization };
      const body = JSON.stringify({ query, variables });
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
      const messages: Data[] = [];
      let text = '';
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += chunk;
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const [, data] = /^data: (\{.*)$/mu.exec(part) ?? [];
          if (data !== undefined) messages.push(JSON.parse(data));
          if (messages.length >= count || part.includes('event: complete')) return messages;
        }
      }
      return messages;
    },
  };
}
