/** HTTP load by autocannon: the same GraphQL request repeatedly over a few connections. */
import autocannon from 'autocannon';
import { serveCalls } from '../harness/serve-calls.ts';

export interface Load {
  readonly url: string;
  readonly query: string;
  readonly connections: number;
  readonly seconds: number;
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
};

export type HttpLoadApi = typeof api;

serveCalls(api);
