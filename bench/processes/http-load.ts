/** HTTP load by autocannon: the same GraphQL request repeatedly over a few connections. */
import autocannon from 'autocannon';
import { serveCalls } from '../harness/serve-calls.ts';

export interface Load {
  readonly url: string;
  readonly query: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface FixedLoad extends Omit<Load, 'seconds'> {
  readonly requests: number;
  /** Added to those of every request. */
  readonly headers: Readonly<Record<string, string>>;
}

const HEADERS = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json',
};

const api = {
  /** Responses per second. @throws {Error} when any request failed */
  async run({ url, query, connections, seconds }: Load): Promise<number> {
    const body = JSON.stringify({ query });
    const result = await autocannon({ url, method: 'POST', headers: HEADERS, body, connections, duration: seconds });
    const { errors, timeouts, non2xx, requests, duration } = result;
    if (errors + timeouts + non2xx > 0) throw new Error(`${url}: ${errors} errors, ${non2xx} responses other than 2xx`);
    return requests.total / duration;
  },

  /** Sends a number of requests. @throws {Error} when any of them failed */
  async send({ url, query, connections, requests: amount, headers }: FixedLoad): Promise<void> {
    const body = JSON.stringify({ query });
    const all = { ...HEADERS, ...headers };
    const { errors, timeouts, non2xx } = await autocannon({
      url,
      method: 'POST',
      headers: all,
      body,
      connections,
      amount,
    });
    if (errors + timeouts + non2xx > 0) throw new Error(`${url}: ${errors} errors, ${non2xx} responses other than 2xx`);
  },
};

export type HttpLoadApi = typeof api;

serveCalls(api);
