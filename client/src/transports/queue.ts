/** Values that arrive before they are asked for. */
export interface Queue<Value> {
  readonly isEnded: boolean;
  push(value: Value): void;
  /** Ends the values: with an error, or without one. What was pushed before comes first. Later calls have no effect. */
  end(error?: unknown): void;
  values(): AsyncIterable<Value>;
}

export function createQueue<Value>(): Queue<Value> {
  const waiting: Value[] = [];
  let end: { readonly error: unknown } | null = null;
  let wake = () => {};

  return {
    get isEnded() {
      return end !== null;
    },
    push(value) {
      waiting.push(value);
      wake();
    },
    end(error) {
      end ??= { error };
      wake();
    },
    async *values() {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift() as Value;
        if (end?.error !== undefined) throw end.error;
        if (end !== null) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
