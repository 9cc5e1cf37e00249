/**
 * A provider whose code is loaded at its first use, or when the server is idle. Loading the SDK's few hundred modules
 * would make every start slower (docs/decisions/2026-11-25-start.md).
 */
import type { ImageProvider } from './image-provider.ts';

export interface LazyProvider extends ImageProvider {
  /** Starts loading, unless that has begun. An error while loading is thrown by the next method call. */
  prepare(): void;
}

export function createLazyProvider(load: () => Promise<ImageProvider>): LazyProvider {
  let loading: Promise<ImageProvider> | undefined;

  function loaded(): Promise<ImageProvider> {
    loading ??= load();
    return loading;
  }

  async function* whenLoaded<T>(start: (provider: ImageProvider) => AsyncIterable<T>): AsyncGenerator<T, void> {
    yield* start(await loaded());
  }

  return {
    prepare: () => void loaded().catch(() => undefined),
    upload: async (...args) => (await loaded()).upload(...args),
    generate: (...args) => whenLoaded((provider) => provider.generate(...args)),
    resume: (...args) => whenLoaded((provider) => provider.resume(...args)),
    retrieve: (...args) => whenLoaded((provider) => provider.retrieve(...args)),
    cancel: async (...args) => (await loaded()).cancel(...args),
    deleteStored: async (...args) => (await loaded()).deleteStored(...args),
  };
}
