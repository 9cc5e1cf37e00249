/**
 * Aborts a request at a deadline or when its owner aborts. The SDK's own timeout ends with the headers, but for an error
 * it then reads the whole body, which may never end.
 * @param deadlineMs null: only the owner aborts
 */
export async function withDeadline<T>(
  owner: AbortSignal,
  deadlineMs: number | null,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (deadlineMs === null) return send(owner);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  try {
    return await send(AbortSignal.any([owner, deadline.signal]));
  } finally {
    clearTimeout(timer);
  }
}
