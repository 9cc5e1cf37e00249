/** Apollo Server 5 in its standalone form. */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { serveCalls } from '../harness/serve-calls.ts';
import { type GalleryApi, openGallery, originOf, typeDefs } from './gallery.ts';

const api: GalleryApi = {
  async serve(database) {
    const server = new ApolloServer({ typeDefs, resolvers: openGallery(database) });
    const { url } = await startStandaloneServer(server, {
      listen: { host: '127.0.0.1', port: 0 },
      context: async ({ req }) => ({ origin: originOf(req.headers) }),
    });
    return url;
  },
};

serveCalls(api);
