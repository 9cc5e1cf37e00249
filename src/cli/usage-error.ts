/** The command line is invalid. The message is one line for the user; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
