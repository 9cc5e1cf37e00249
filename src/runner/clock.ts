/** Time, ids and randomness as the runner needs them; injected, so that tests can decide them. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  readonly newId: () => string;
  /** 0..1 */
  readonly random: () => number;
}

/** A moment as it is stored: RFC 3339 with milliseconds. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
