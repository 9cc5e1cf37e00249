/** Makes each line on the console, and each warning of Node, a failure of the test that caused it. */
import { format } from 'node:util';
import { loadDevMessages, loadErrorMessages } from '@apollo/client/dev';
import { afterEach, beforeEach, expect, vi } from 'vitest';

// Apollo prints the numbers of its messages otherwise.
loadDevMessages();
loadErrorMessages();

let lines: string[] = [];

/** Takes what was printed so far: for tests that expect a warning. */
export function takeWarnings(): readonly string[] {
  const taken = lines;
  lines = [];
  return taken;
}

beforeEach(() => {
  lines = [];
  for (const method of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...args) => void lines.push(format(...args)));
  }
});

process.on('warning', ({ message }) => lines.push(message));

afterEach(() => {
  vi.restoreAllMocks();
  expect(lines, 'nothing is printed').toEqual([]);
});
