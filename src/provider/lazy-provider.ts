/**
 * A provider whose code is loaded when it is needed first, or when there is nothing else to do: an SDK of some hundred
 * modules is no reason for a start to take longer (docs/decisions).
 */
import type { ImageProvider } from './image-provider.ts';

export interface LazyProvider extends ImageProvider {
  /** Loads it now, unless it is there. What goes wrong is thrown by whatever is asked of it. */
  prepare(): void;
}

export function createLazyProvider(load: () => Promise<ImageProvider>): LazyProvider {
  let loading: Promise<ImageProvider> | undefined;

  function loaded(): Promise<ImageProvider> {
    loading ??= load();
    return loading;
  }

  async function* once<T>(ask: (provider: ImageProvider) => AsyncIterable<T>): AsyncGenerator<T, void> {
    yield* ask(await loaded());
  }

  return {
    prepare: () => void loaded().catch(() => undefined),
    upload: async (...args) => (await loaded()).upload(...args),
    generate: (...args) => once((provider) => provider.generate(...args)),
    resume: (...args) => once((provider) => provider.resume(...args)),
    retrieve: (...args) => once((provider) => provider.retrieve(...args)),
    cancel: async (...args) => (await loaded()).cancel(...args),
  };
}
