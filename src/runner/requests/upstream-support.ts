/** What this upstream supports, as its answers showed: what it refuses for this account once, it always refuses. */
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { ImageSettings } from '../../domain/generation/options.ts';
import { type ProviderApi, ProviderError, settingAgainst } from '../../provider/image-provider.ts';

/** The request that an answer is about. Image models and mainline models differ in the parameters that they know. */
export interface AskedRequest {
  readonly api: ProviderApi;
  readonly settings: Pick<ImageSettings, 'model' | 'mainlineModel'>;
}

export interface UpstreamSupportOptions {
  /** Whether to ask it to work in the background. */
  readonly background: boolean;
  /** Whether it may keep responses. */
  readonly retainsResponses: boolean;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Clients choose the models, so the number of those that are remembered is limited. */
const MAX_MODELS = 1_000;

export class UpstreamSupport {
  /** Whether to ask it for several images in one request. */
  batches = true;
  /** Whether it may store responses. */
  stores: boolean;
  #background: boolean;
  #continues = true;
  /** The parameters that it does not know, by API and models. */
  readonly #leftOut = new LRUCache<string, Set<string>>({ max: MAX_MODELS });
  readonly #logger: Pick<Logger, 'warn'>;

  constructor({ background, retainsResponses, logger }: UpstreamSupportOptions) {
    this.#background = background;
    this.stores = retainsResponses;
    this.#logger = logger;
  }

  /** Whether to ask it to work in the background, for which it stores the response. */
  get background(): boolean {
    return this.#background && this.stores;
  }

  /** Whether it continues from earlier responses, which it must have stored. */
  get continues(): boolean {
    return this.#continues && this.stores;
  }

  /** The names of the optional parameters that it does not know. */
  leftOutOf(request: AskedRequest): readonly string[] {
    return [...(this.#leftOut.get(keyOf(request)) ?? [])];
  }

  /** @param error how the request ended */
  learnFrom(error: unknown, request: AskedRequest): void {
    if (!(error instanceof ProviderError)) return;
    const isNew = this.#learn(error, request);
    if (!isNew) return;
    const { kind, parameter } = error;
    // The variable that saves the request in which the upstream refuses it, after each start.
    const setting = settingAgainst(kind, parameter);
    this.#logger.warn(
      { kind, parameter, ...request.settings, api: request.api, setting },
      'the upstream refuses something, which this server does without from now on',
    );
  }

  #learn({ kind, parameter }: ProviderError, request: AskedRequest): boolean {
    const before = [this.batches, this.stores, this.#background, this.#continues];
    if (kind === 'OPTION_REFUSED' && parameter !== null) return this.#leaveOut(parameter, keyOf(request));
    if (kind === 'BACKGROUND_REFUSED') this.#background = false;
    if (kind === 'API_REFUSED') this.batches = false;
    if (kind === 'STORE_REFUSED') this.stores = false;
    if (kind === 'CONTEXT_REFUSED') this.#continues = false;
    return [this.batches, this.stores, this.#background, this.#continues].some((now, index) => now !== before[index]);
  }

  #leaveOut(parameter: string, key: string): boolean {
    const parameters = this.#leftOut.get(key) ?? new Set<string>();
    this.#leftOut.set(key, parameters);
    return parameters.size !== parameters.add(parameter).size;
  }
}

function keyOf({ api, settings: { model, mainlineModel } }: AskedRequest): string {
  return JSON.stringify([api, model, mainlineModel]);
}
