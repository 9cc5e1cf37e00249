/**
 * Minimal types of peers that only bench/package.json depends on, so that types can be checked without installing them.
 */

declare module '@apollo/server' {
  export class ApolloServer {
    constructor(options: { typeDefs: string; resolvers: unknown });
  }
}

declare module '@apollo/server/standalone' {
  import type { IncomingMessage } from 'node:http';
  import type { ApolloServer } from '@apollo/server';

  export function startStandaloneServer(
    server: ApolloServer,
    options: {
      listen: { host: string; port: number };
      context: (given: { req: IncomingMessage }) => Promise<object>;
    },
  ): Promise<{ url: string }>;
}

declare module 'fastify' {
  export interface FastifyInstance {
    register(plugin: unknown, options: object): FastifyInstance;
    listen(options: { host: string; port: number }): Promise<string>;
  }
  export default function fastify(): FastifyInstance;
}

declare module 'mercurius' {
  const plugin: unknown;
  export default plugin;
}

declare module 'autocannon' {
  export interface Result {
    readonly duration: number;
    readonly errors: number;
    readonly timeouts: number;
    readonly non2xx: number;
    readonly requests: { readonly total: number };
    readonly latency: { readonly p50: number; readonly p97_5: number };
  }
  export default function autocannon(options: {
    url: string;
    method: 'GET' | 'POST';
    headers: Readonly<Record<string, string>>;
    body: string;
    connections: number;
    /** Seconds; or the number of requests as `amount`. */
    duration?: number;
    amount?: number;
  }): Promise<Result>;
}
