/** Corrects the errors of a run whose create request was answered with a redirect to its answer. */
import { ProviderError } from '../../image-provider.ts';
import { redirectBefore } from '../upstream-fetch.ts';

/**
 * Yields the events of a body as they are. Without the redirect, an error before the first of them could mean that the
 * upstream rejected the request. Here it says only that the answer cannot be read, and the redirect may have named the
 * response.
 */
export async function* readAfterRedirect<T>(response: Response, events: AsyncIterable<T>): AsyncGenerator<T, void> {
  const redirect = redirectBefore(response.headers);
  try {
    yield* events;
  } catch (error) {
    if (redirect === null || !(error instanceof ProviderError)) throw error;
    const { failure, kind, nothingBought, usage, cause } = error;
    const responseId = error.responseId ?? redirect.responseId;
    throw new ProviderError(failure, nothingBought ? 'LOST' : kind, { responseId, usage, cause });
  }
}
