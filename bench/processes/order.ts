/** An order for the stand-in upstream, written into the prompt so that it passes through any server. */

export interface Order {
  /** `waves`: a partial image is written on request. `flow`: everything at once. */
  readonly mode: 'waves' | 'flow';
  /** Identifies the stream among those measured together. */
  readonly key: string;
  /** The decoded size of each image. */
  readonly bytes: number;
  /** The number of partial images of a flow. */
  readonly partials: number;
}

const FORM = /bench mode=(?<mode>waves|flow) key=(?<key>[\w-]+) bytes=(?<bytes>\d+) partials=(?<partials>\d+)/u;

export function promptOf({ mode, key, bytes, partials }: Order): string {
  return `bench mode=${mode} key=${key} bytes=${bytes} partials=${partials}`;
}

export function orderIn(text: string): Order {
  const { mode, key, bytes, partials } = FORM.exec(text)?.groups ?? {};
  if (key === undefined) throw new Error(`no order in ${text.slice(0, 200)}`);
  return { mode: mode === 'waves' ? 'waves' : 'flow', key, bytes: Number(bytes), partials: Number(partials) };
}

/** The time a partial image passed a point. */
export interface Stamp {
  readonly key: string;
  /** The index of the partial image in its stream, starting at 0. */
  readonly index: number;
  readonly at: number;
}
