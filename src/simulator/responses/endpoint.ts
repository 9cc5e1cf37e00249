/** `/v1/responses`: create, retrieve, resume, cancel, delete. */
import { ApiError, invalid } from '../http/api-error.ts';
import type { SimulatorEvent } from '../http/event-log.ts';
import { type Answer, type Exchange, json } from '../http/exchange.ts';
import { rejectEarly } from '../scenarios/scenarios.ts';
import type { Upstream } from '../upstream.ts';
import { resolveDrawingTask } from './drawing-task.ts';
import { ResponseRecord } from './record.ts';
import { readResponsesRequest } from './request.ts';
import { runResponse } from './run-response.ts';

/** `POST /v1/responses` */
export async function createResponse(upstream: Upstream, exchange: Exchange): Promise<Answer> {
  const request = readResponsesRequest(exchange.body);
  const scenario = upstream.scenarioOf(request.prompt);
  rejectEarly(scenario, upstream.rejectionHistory(request.prompt));
  if (scenario.proxyPage !== undefined) return { kind: 'page', ...scenario.proxyPage };
  if (scenario.silent) return { kind: 'silence' };
  const task = await resolveDrawingTask(request, upstream);

  const record = new ResponseRecord(request, scenario, (event) => upstream.onEvent(event, exchange));
  if ((request.store || request.background) && !scenario.work?.forget) upstream.store.add(record);
  // Only a background response continues after its client has left.
  if (!request.background) exchange.gone.addEventListener('abort', () => record.work.abort(), { once: true });
  // Must be read before the work starts: a background create answers while its response is still queued.
  const asCreated = record.toJson();
  const durationMs = request.prompt.durationMs ?? upstream.durationMs;
  const work = runResponse(record, task, durationMs, upstream).then(() => {
    if (record.work.signal.aborted) upstream.countStopped();
    else if (scenario.forgetFiles && record.status === 'completed') upstream.files.forgetAll();
  });
  const wire = scenario.wire ?? {};
  if (scenario.rejectAfterWork !== undefined) {
    await work;
    throw new ApiError(scenario.rejectAfterWork);
  }
  if (request.stream) return { kind: 'events', events: record.log.read(0, exchange.gone), wire };
  if (request.background) return json(asCreated, wire);
  await work;
  return answerAtEnd(record, wire);
}

/** The answer of a plain create: the finished response, or a cut connection when it stopped without a result. */
function answerAtEnd(record: ResponseRecord, wire: NonNullable<ResponseRecord['scenario']['wire']>): Answer {
  const bare = record.scenario.work?.bare ?? false;
  return record.status === 'in_progress' ? { kind: 'cut' } : json(record.toJson(bare ? [] : record.output), wire);
}

/** `GET /v1/responses/{id}`; with `stream=true`, the events after `starting_after`. */
export async function retrieveResponse(upstream: Upstream, exchange: Exchange, id: string): Promise<Answer> {
  const record = upstream.store.get(id);
  const { searchParams } = exchange.url;
  if (searchParams.get('stream') !== 'true') return json(await record.retrieved(upstream.renderer));
  if (!record.request.background || !record.request.stream) {
    throw invalid(
      'This response cannot be streamed because it was not created with background=true and stream=true.',
      'stream',
    );
  }
  if (record.log.released)
    throw invalid('The stream of this response has expired. Retrieve it without stream=true.', 'stream');
  const after = searchParams.get('starting_after');
  if (after !== null && !/^\d+$/.test(after)) {
    throw invalid("Invalid type for 'starting_after': expected an integer.", 'starting_after', 'invalid_type');
  }
  const wire = record.scenario.wire ?? {};
  // Sequence numbers are positions: the first event is number 0.
  const events = record.log.read(after === null ? 0 : Number(after) + 1, exchange.gone);
  return { kind: 'events', events: wire.resumeWithoutPartials ? withoutPartials(events) : events, wire };
}

async function* withoutPartials(events: AsyncIterable<SimulatorEvent>): AsyncGenerator<SimulatorEvent> {
  for await (const event of events) if (!event.type.endsWith('.partial_image')) yield event;
}

/** `POST /v1/responses/{id}/cancel`: for background responses only. Repeating it gives the same answer. */
export async function cancelResponse(upstream: Upstream, id: string): Promise<Answer> {
  const record = upstream.store.get(id);
  if (!record.request.background) throw invalid('Cannot cancel a synchronous response.', null);
  record.cancel();
  return json(await record.retrieved(upstream.renderer));
}

/** `DELETE /v1/responses/{id}`: also stops it if it is in progress. */
export function deleteResponse(upstream: Upstream, id: string): Answer {
  upstream.store.get(id).cancel();
  upstream.store.delete(id);
  return json({ id, object: 'response', deleted: true });
}
