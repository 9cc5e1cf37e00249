/** What a prompt asks of the stand-in upstream, written into the prompt itself so that it travels through any server. */

export interface Order {
  /** `waves`: a partial is written when the bench says so. `flow`: everything at once. */
  readonly mode: 'waves' | 'flow';
  /** Names the stream among those that are measured together. */
  readonly key: string;
  /** Of each picture as decoded. */
  readonly bytes: number;
  /** How many partials a flow has. */
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

/** When a partial passed some point. */
export interface Stamp {
  readonly key: string;
  /** Which partial of its stream, from 0. */
  readonly index: number;
  readonly at: number;
}
