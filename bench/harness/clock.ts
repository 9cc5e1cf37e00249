/**
 * The monotonic clock of the machine, in milliseconds. It is the same for all processes, and unaffected by time
 * servers.
 */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
