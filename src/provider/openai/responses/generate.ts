/** Creates one response and reads its stream to the end. */
import type { ProviderEvent, ProviderRequest, ProviderRun } from '../../image-provider.ts';
import { withDeadline } from '../deadline.ts';
import { featuresOf } from '../errors/unsupported-features.ts';
import { readBody } from '../stream/event-body.ts';
import type { PictureCollector } from '../stream/picture-collector.ts';
import { awaitCreated, createTimeoutMs, type Upstream } from '../upstream.ts';
import { ResponseReader } from './reader.ts';
import { buildCreateBody } from './request.ts';

export async function* generateResponse<P>(
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
  const requestId = response.headers.get('x-request-id');
  const reader = new ResponseReader<P>(collector, {
    requestId,
    request: features,
    responseId: null,
    after: null,
    known: [],
  });
  yield* readBody(response, collector, reader, options);
}
