/** Mercurius on Fastify, with its JIT from the second execution of a query on. */
import fastify from 'fastify';
import mercurius from 'mercurius';
import { serveCalls } from '../harness/serve-calls.ts';
import { type GalleryApi, openGallery, originOf, typeDefs } from './gallery.ts';

const api: GalleryApi = {
  async serve(database) {
    const app = fastify();
    app.register(mercurius, {
      schema: typeDefs,
      resolvers: openGallery(database),
      jit: 1,
      context: ({ headers }: { readonly headers: { readonly host?: string } }) => ({ origin: originOf(headers) }),
    });
    return `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
  },
};

serveCalls(api);
