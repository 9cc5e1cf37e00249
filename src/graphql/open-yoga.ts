/** A Yoga server with what it offers only from inside a plugin: its fetch API and its pipeline for one operation. */
import { createYoga, type FetchAPI, type Plugin, type YogaServerOptions } from 'graphql-yoga';
import type { YogaCore } from './run-operation.ts';
import type { ServerContext } from './server-context.ts';

export type Plugins = NonNullable<YogaServerOptions<ServerContext, object>['plugins']>;

export interface OpenYoga {
  readonly yoga: ReturnType<typeof createYoga<ServerContext>>;
  readonly core: YogaCore & { readonly fetchAPI: FetchAPI };
}

export function openYoga(options: YogaServerOptions<ServerContext, object>, plugins: Plugins): OpenYoga {
  let core: OpenYoga['core'] | undefined;
  const capture: Plugin<ServerContext> = {
    onYogaInit({ yoga }) {
      core = yoga;
    },
  };
  const yoga = createYoga<ServerContext>({ ...options, plugins: [capture, ...plugins] });
  if (core === undefined) throw new Error('Yoga did not call onYogaInit');
  return { yoga, core };
}
