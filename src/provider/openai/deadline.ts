/**
 * The SDK's timeout ends with the headers, but of a nothingBoughtKind it then reads the whole body, which may never end.
 * @param deadlineMs null leaves it to the owner alone
 */
export async function withDeadline<T>(
  owner: AbortSignal,
  deadlineMs: number | null,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (deadlineMs === null) return ask(owner);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  try {
    return await ask(AbortSignal.any([owner, deadline.signal]));
  } finally {
    clearTimeout(timer);
  }
}
