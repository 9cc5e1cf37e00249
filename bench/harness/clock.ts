/** One clock for all processes of this machine, in milliseconds: the system's monotonic one, which no time server bends. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
