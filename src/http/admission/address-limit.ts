/** Limits how much of something one address has at the same time. */
import { Concurrency } from '../../lib/concurrency.ts';

export interface AddressLimit {
  /** @returns what gives the place back, to be called once; null when all places of the address are taken */
  enter(address: string): (() => void) | null;
}

export function createAddressLimit(max: number): AddressLimit {
  const counts = new Concurrency(max);
  return { enter: (address) => (counts.enter(address) ? () => counts.leave(address) : null) };
}
