/** Pooled buffers serve the size that is needed now, whatever was needed before. */
import { expect, it } from 'vitest';
import { borrowBuffer, LARGEST_BUFFER_BYTES, returnBuffer, SMALLEST_BUFFER_BYTES } from '../../src/lib/buffer-pool.ts';

const MANY = 1_000;

it('a buffer that was given back is borrowed again, though many of another size were given back before', () => {
  const small = Array.from({ length: MANY }, () => borrowBuffer(SMALLEST_BUFFER_BYTES));
  small.forEach(returnBuffer);
  const large = borrowBuffer(LARGEST_BUFFER_BYTES);
  returnBuffer(large);
  // Compared like this, a failure does not print every byte of both.
  expect(borrowBuffer(LARGEST_BUFFER_BYTES) === large).toBe(true);
});

it('what is kept is bounded, and those that were given back last stay', () => {
  const buffers = Array.from({ length: MANY }, () => borrowBuffer(SMALLEST_BUFFER_BYTES));
  buffers.forEach(returnBuffer);
  const again = Array.from({ length: MANY }, () => borrowBuffer(SMALLEST_BUFFER_BYTES));
  const kept = again.filter((buffer) => buffers.includes(buffer));
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThanOrEqual((32 * 1024 * 1024) / SMALLEST_BUFFER_BYTES);
  const last = new Set(buffers.slice(-kept.length));
  expect(kept.every((buffer) => last.has(buffer))).toBe(true);
});

it('nobody is given what somebody else has', () => {
  const first = borrowBuffer(SMALLEST_BUFFER_BYTES);
  expect(borrowBuffer(SMALLEST_BUFFER_BYTES) === first).toBe(false);
});
