/** Creates one response and reads its stream to the end; with a completion window, the document that says that it waits. */
import { ProviderError, type ProviderEvent, type ProviderRequest, type ProviderRun } from '../../image-provider.ts';
import { withDeadline } from '../deadline.ts';
import { readAfterRedirect } from '../errors/after-redirect.ts';
import { featuresOf } from '../errors/unsupported-features.ts';
import { readBody } from '../stream/event-body.ts';
import type { PictureCollector } from '../stream/pictures/picture-collector.ts';
import { awaitCreated, createTimeoutMs, type Upstream } from '../upstream.ts';
import { ResponseReader, readAnswerHeaders } from './reader.ts';
import { buildCreateBody } from './request.ts';

/**
 * A request that is lost before its first event is accepted all the same where a redirect names its response: then it can
 * be followed by that id.
 */
export async function* generateResponse<P>(
  upstream: Upstream,
  request: ProviderRequest,
  run: ProviderRun<P>,
  collector: PictureCollector<P>,
): AsyncGenerator<ProviderEvent<P>, void> {
  let isAccepted = false;
  try {
    for await (const event of createResponse(upstream, request, run, collector)) {
      isAccepted ||= event.type === 'accepted';
      yield event;
    }
  } catch (error) {
    if (error instanceof ProviderError && !isAccepted && error.responseId !== null && error.kind === 'LOST') {
      const { responseId, failure } = error;
      yield { type: 'accepted', responseId, requestId: failure.requestId, reported: null, upstreamSequence: null };
    }
    throw error;
  }
}

async function* createResponse<P>(
  upstream: Upstream,
  request: ProviderRequest,
  run: ProviderRun<P>,
  collector: PictureCollector<P>,
): AsyncGenerator<ProviderEvent<P>, void> {
  const { client, options } = upstream;
  const body = await buildCreateBody(request, options);
  const features = featuresOf(request, body, upstream.now);
  run.beforeSend?.();
  const response = await awaitCreated(
    upstream,
    features,
    withDeadline(run.signal, createTimeoutMs(upstream), (signal) =>
      client.responses.create(body, { signal }).asResponse(),
    ),
  );
  const reader = new ResponseReader<P>(collector, {
    ...readAnswerHeaders(response, upstream.now()),
    request: features,
    responseId: null,
    after: null,
    known: [],
  });
  yield* readAfterRedirect(response, readBody(response, collector, reader, options));
}
