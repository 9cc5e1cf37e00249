/** Limits how much of something one address has at the same time. */

export interface AddressLimit {
  /** @returns what gives the place back, to be called once; null when all places of the address are taken */
  enter(address: string): (() => void) | null;
}

export function createAddressLimit(max: number): AddressLimit {
  const counts = new Map<string, number>();
  return {
    enter(address) {
      const count = counts.get(address) ?? 0;
      if (count >= max) return null;
      counts.set(address, count + 1);
      return () => {
        const left = (counts.get(address) ?? 1) - 1;
        if (left > 0) counts.set(address, left);
        else counts.delete(address);
      };
    },
  };
}
