/** The command line was not understood: one line for the person who typed it; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
