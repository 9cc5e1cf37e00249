/**
 * Whether plugins look at HTTP requests and responses. If none does, small JSON requests need no objects of the fetch API
 * (transports/json-post.ts); if one does, every request goes through Yoga's own HTTP handling, which calls them.
 */
const REQUEST_HOOKS = ['onRequest', 'onRequestParse', 'onResultProcess', 'onResponse'] as const;
const REQUEST_INSTRUMENTATIONS = ['request', 'requestParse', 'resultProcess'] as const;

type Hooks = Readonly<Partial<Record<(typeof REQUEST_HOOKS)[number], unknown>>> & {
  readonly instrumentation?: Readonly<Partial<Record<(typeof REQUEST_INSTRUMENTATIONS)[number], unknown>>>;
};

/**
 * @param given the plugins that were passed to the server
 * @param active all plugins of the server, Yoga's own included
 * @param expected the number of active plugins without those that plugins have added; if there are more, they are unknown
 */
export function seesHttpRequests(given: readonly Hooks[], active: readonly object[], expected: number): boolean {
  return active.length !== expected || given.some(hasRequestHook);
}

function hasRequestHook({ instrumentation = {}, ...hooks }: Hooks): boolean {
  return (
    REQUEST_HOOKS.some((name) => hooks[name] !== undefined) ||
    REQUEST_INSTRUMENTATIONS.some((name) => instrumentation[name] !== undefined)
  );
}
