/**
 * Fetch that waits for an answer for as long as whoever asked does. Node's own gives up when the headers, or the next
 * bytes, take five minutes, and only a dispatcher can tell it otherwise. Node hands out none, and no name of its class;
 * but the one that it uses itself stands where undici keeps it for every copy of itself.
 */
type FetchOptions = Readonly<Record<string, unknown>>;
type DispatcherClass = new (options: { readonly headersTimeout: number; readonly bodyTimeout: number }) => object;

const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/** What fetch is to be called with; nothing where Node keeps its dispatcher elsewhere, and its five minutes then hold. */
export function patientFetchOptions(): FetchOptions {
  // Node makes it when it first needs anything of fetch.
  void Response;
  const current: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  if (typeof current !== 'object' || current === null) return {};
  // Whatever stands there is a dispatcher of undici, whose classes take these options.
  const Dispatcher = current.constructor as DispatcherClass;
  return { dispatcher: new Dispatcher({ headersTimeout: 0, bodyTimeout: 0 }) };
}
