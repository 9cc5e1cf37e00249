/** A plugin with every hook of Yoga and Envelop that is about an operation, which counts how often each fires. */
import type { Plugin } from 'graphql-yoga';

export interface Recording {
  readonly plugin: Plugin;
  /** How often each hook has fired since `clear`. */
  readonly counts: Record<string, number>;
  /** What `context.request` was for the operations since `clear`. */
  readonly requests: (Request | undefined)[];
  clear(): void;
}

const SYNCHRONOUS = ['init', 'parse', 'validate', 'context'] as const;
const ASYNCHRONOUS = ['request', 'requestParse', 'operation', 'execute', 'subscribe', 'resultProcess'] as const;

export function record(): Recording {
  const counts: Record<string, number> = {};
  const requests: (Request | undefined)[] = [];
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const wrappers = [...SYNCHRONOUS, ...ASYNCHRONOUS].map((name) => [
    name,
    (_: unknown, wrapped: () => unknown) => {
      count(`instrumentation.${name}`);
      return wrapped();
    },
  ]);
  const plugin: Plugin = {
    instrumentation: Object.fromEntries(wrappers),
    onRequest: () => count('onRequest'),
    onResponse: () => count('onResponse'),
    onRequestParse() {
      count('onRequestParse');
      return { onRequestParseDone: () => count('onRequestParseDone') };
    },
    onParams: () => count('onParams'),
    onExecutionResult: () => count('onExecutionResult'),
    onResultProcess: () => count('onResultProcess'),
    onEnveloped: () => count('onEnveloped'),
    onParse() {
      count('onParse');
      return () => count('onParseDone');
    },
    onValidate() {
      count('onValidate');
      return () => count('onValidateDone');
    },
    onContextBuilding() {
      count('onContextBuilding');
      return () => count('onContextBuildingDone');
    },
    onExecute({ args }) {
      count('onExecute');
      requests.push(args.contextValue.request);
      return { onExecuteDone: () => count('onExecuteDone') };
    },
    onSubscribe({ args }) {
      count('onSubscribe');
      requests.push(args.contextValue.request);
      return {
        onSubscribeResult() {
          count('onSubscribeResult');
          return { onNext: () => count('onNext'), onEnd: () => count('onEnd') };
        },
      };
    },
  };
  return {
    plugin,
    counts,
    requests,
    clear() {
      for (const name of Object.keys(counts)) delete counts[name];
      requests.length = 0;
    },
  };
}
