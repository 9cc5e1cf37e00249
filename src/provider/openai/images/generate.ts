/** Sends one request to the Image API and reads its answer: a stream with partials, or one document. */
import type { ProviderEvent, ProviderRequest, ProviderRun } from '../../image-provider.ts';
import { withDeadline } from '../deadline.ts';
import { readAfterRedirect } from '../errors/after-redirect.ts';
import { featuresOf } from '../errors/unsupported-features.ts';
import { readBody } from '../stream/event-body.ts';
import type { PictureCollector } from '../stream/pictures/picture-collector.ts';
import { awaitCreated, createTimeoutMs, type Upstream } from '../upstream.ts';
import { ImagesReader } from './reader.ts';
import { buildImagesRequest, type ImagesRequest } from './request.ts';

/** The longest that setTimeout accepts. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export async function* generateImages<P>(
  upstream: Upstream,
  request: ProviderRequest,
  run: ProviderRun<P>,
  collector: PictureCollector<P>,
): AsyncGenerator<ProviderEvent<P>, void> {
  const { options } = upstream;
  const imagesRequest = await buildImagesRequest(request, options);
  const features = featuresOf(request, imagesRequest.body, upstream.now);
  run.beforeSend?.();
  const response = await awaitCreated(upstream, features, send(upstream, imagesRequest, run.signal));
  const requestId = response.headers.get('x-request-id');
  const { count } = request;
  const reader = new ImagesReader<P>(collector, { requestId, request: features, count });
  const limits = {
    ...options,
    // One document contains all images.
    maxLineBytes: options.maxLineBytes * count,
    unlimitedAtFirst: imagesRequest.body.stream !== true,
  };
  yield* readAfterRedirect(response, readBody(response, collector, reader, limits));
}

function send(upstream: Upstream, { path, body }: ImagesRequest, owner: AbortSignal): Promise<Response> {
  const { client } = upstream;
  const isStreamed = body.stream === true;
  // An answer without a stream is silent until every image is finished. Only the run's owner limits that time.
  const timeout = isStreamed ? {} : { timeout: MAX_TIMER_MS };
  return withDeadline(owner, isStreamed ? createTimeoutMs(upstream) : null, (signal) =>
    path === '/images/generations'
      ? client.images.generate(body, { signal, ...timeout }).asResponse()
      : // The SDK sends edits as forms, and a form cannot name a file by its id.
        client.post(path, { body, stream: isStreamed, signal, ...timeout }).asResponse(),
  );
}
