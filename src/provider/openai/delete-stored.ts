/** Deletes what the upstream keeps of earlier requests: responses and uploaded files. It buys nothing. */
import { APIError } from 'openai';
import type { UpstreamDeletion, UpstreamDeletionOutcome } from '../../domain/upstream-deletion.ts';
import { readObject } from './bounded-answer.ts';
import { withDeadline } from './deadline.ts';
import { AS_IS } from './stream/event-body.ts';
import type { Upstream } from './upstream.ts';

/** What may be gone by the next time: no permission, a conflict, too many requests. */
const PASSING: ReadonlySet<number> = new Set([401, 403, 408, 409, 425, 429]);

/** Never rejects. */
export async function deleteStored(
  { client, readTimeoutMs, options: { scrub = AS_IS } }: Upstream,
  { kind, upstreamId }: Pick<UpstreamDeletion, 'kind' | 'upstreamId'>,
): Promise<UpstreamDeletionOutcome> {
  try {
    await withDeadline(new AbortController().signal, readTimeoutMs, async (signal) => {
      const options = { signal, timeout: readTimeoutMs, maxRetries: 0 };
      const sending =
        kind === 'FILE' ? client.files.delete(upstreamId, options) : client.responses.delete(upstreamId, options);
      await readObject(await sending.asResponse(), scrub);
    });
    return 'DELETED';
  } catch (error) {
    // Errors of the SDK without a status are failed connections.
    const status = error instanceof APIError ? error.status : undefined;
    if (status === 404 || status === 410) return 'DELETED';
    return status !== undefined && status >= 400 && status < 500 && !PASSING.has(status) ? 'REFUSED' : 'FAILED';
  }
}
