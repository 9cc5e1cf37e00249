/** GraphQL Yoga with default settings. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import { serveCalls } from '../harness/serve-calls.ts';
import { type GalleryApi, type GalleryContext, openGallery, originOf, typeDefs } from './gallery.ts';

interface ServerContext {
  readonly req: IncomingMessage;
}

const api: GalleryApi = {
  async serve(database) {
    const schema = createSchema<ServerContext & GalleryContext>({ typeDefs, resolvers: openGallery(database) });
    const yoga = createYoga<ServerContext, GalleryContext>({
      schema,
      context: ({ req }) => ({ origin: originOf(req.headers) }),
    });
    const server = createServer(yoga).listen(0, '127.0.0.1');
    await once(server, 'listening');
    // The address of a server that listens on a port is an AddressInfo.
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  },
};

serveCalls(api);
