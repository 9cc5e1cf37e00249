/** The upstream of a server: where it is, what it may be asked for, and the provider that asks it. */
import type { Config } from '../config/config.ts';
import { secretsOf } from '../config/secrets.ts';
import type { UpstreamConfig } from '../config/upstream.ts';
import type { DefaultModels } from '../domain/cost/cost.ts';
import { modelFor } from '../domain/models/catalogue.ts';
import type { UpstreamInfo } from '../domain/upstream.ts';
import { createScrubber, type Scrub } from '../lib/scrubber.ts';
import { createLazyProvider, type LazyProvider } from '../provider/lazy-provider.ts';
import type { Upstream } from '../runner/options.ts';
import { createSafetyIdentifiers } from './safety-identifier.ts';

/** The base64 string of a 48 MB picture: far more than any model sends. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

export interface OpenUpstream {
  readonly info: UpstreamInfo;
  /** The models that make an image when a call names none. */
  readonly models: DefaultModels;
  readonly forRunner: Upstream;
  readonly provider: LazyProvider;
}

/**
 * Starts the simulator when the configuration names no other upstream. The code of the provider is loaded on first use.
 * @param opened receives what stops the simulator
 */
export async function openUpstream(config: Config, opened: AsyncDisposableStack): Promise<OpenUpstream> {
  const { kind, model, imageModel, api: apiPolicy, background, files, store: retainsResponses } = config.upstream;
  const { baseUrl, identity } = await locate(config, opened);
  const info: UpstreamInfo = { kind, model, imageModel };
  // The name as it was requested, including the date of a snapshot: an answer that names no model is billed by it.
  const models = { mainline: model, image: imageModel ?? modelFor(info, null)?.name ?? null };
  const scrub = createScrubber(secretsOf(config));
  const provider = createLazyProvider(() =>
    loadProvider(config.upstream, { baseURL: baseUrl, imageApiModel: models.image, scrub }),
  );
  const safetyIdentifierOf = createSafetyIdentifiers(config);
  const permitted = { background, retainsResponses, files, apiPolicy, safetyIdentifierOf };
  return { info, models, provider, forRunner: { provider, identity, ...permitted } };
}

/** The address of the upstream, and the name under which its ids are stored. */
async function locate(config: Config, opened: AsyncDisposableStack) {
  const { kind, baseUrl, azure } = config.upstream;
  if (kind !== 'SIMULATOR') return { baseUrl, identity: azure?.endpoint ?? baseUrl ?? 'openai' };
  const { startSimulator } = await import('../simulator/simulator.ts');
  const { port, durationMs, scenario, art } = config.simulator;
  const simulator = await startSimulator({ port, durationMs, art, ...(scenario === null ? {} : { scenario }) });
  opened.defer(() => simulator.close());
  return { baseUrl: simulator.url, identity: 'simulator' };
}

interface ProviderSettings {
  readonly baseURL: string | null;
  /** The image model for the Image API, which has no default of its own. */
  readonly imageApiModel: string | null;
  readonly scrub: Scrub;
}

async function loadProvider(upstream: UpstreamConfig, { baseURL, imageApiModel, scrub }: ProviderSettings) {
  const { createOpenAiProvider } = await import('../provider/openai/openai-provider.ts');
  const { apiKey, organization, project, headers, azure, model, imageModel } = upstream;
  const { idleTimeoutMs, commentTimeoutMs, store, boundsToolCalls } = upstream;
  return createOpenAiProvider({
    apiKey,
    baseURL,
    organization,
    project,
    headers,
    azure: azure === null ? null : { ...azure, deployment: null },
    model,
    imageModel,
    imageApiModel,
    store,
    boundsToolCalls,
    idleTimeoutMs,
    commentTimeoutMs,
    firstByteTimeoutMs: idleTimeoutMs,
    maxLineBytes: MAX_LINE_BYTES,
    scrub,
  });
}
