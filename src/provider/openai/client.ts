/**
 * The SDK's client, set up by our options alone. Where an option is undefined the SDK reads the environment, and ours
 * is read in one place only (src/config/config.ts): so everything it would look up is given, as null where there is nothing.
 */
import OpenAI, { AzureOpenAI } from 'openai';
import type { OpenAiProviderOptions } from './options.ts';
import { directFetch } from './stream/direct-fetch.ts';

export function createClient(options: OpenAiProviderOptions, firstByteTimeoutMs: number): OpenAI {
  const common = {
    apiKey: options.apiKey,
    organization: options.organization ?? null,
    project: options.project ?? null,
    adminAPIKey: null,
    webhookSecret: null,
    defaultHeaders: options.headers ?? {},
    fetch: directFetch,
    logLevel: 'off',
    maxRetries: 0,
    timeout: firstByteTimeoutMs,
  } as const;
  const { azure = null } = options;
  if (azure === null) return new OpenAIByOptions({ ...common, baseURL: options.baseURL ?? null });
  return new AzureByOptions({
    ...common,
    baseURL: null,
    endpoint: azure.endpoint,
    apiVersion: azure.apiVersion,
    ...(azure.deployment !== null && { deployment: azure.deployment }),
  });
}

/**
 * Both classes add the headers of OPENAI_CUSTOM_HEADERS to the default ones in their constructor, and have no option
 * against it. They have only been noted by then, in a place that is open to classes built on these.
 */
class OpenAIByOptions extends OpenAI {
  constructor(options: NonNullable<ConstructorParameters<typeof OpenAI>[0]>) {
    super(options);
    this._options = { ...this._options, defaultHeaders: options.defaultHeaders };
  }
}

class AzureByOptions extends AzureOpenAI {
  constructor(options: NonNullable<ConstructorParameters<typeof AzureOpenAI>[0]>) {
    super(options);
    this._options = { ...this._options, defaultHeaders: options.defaultHeaders };
  }
}
