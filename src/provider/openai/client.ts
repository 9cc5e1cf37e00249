/**
 * Creates the SDK's client from our options alone. The SDK reads the environment for every undefined option, but this
 * project reads the environment only in src/config. So every option is given, with null where there is no value.
 */
import OpenAI, { AzureOpenAI } from 'openai';
import type { OpenAiProviderOptions } from './options.ts';
import { AS_IS } from './stream/event-body.ts';
import { createUpstreamFetch } from './upstream-fetch.ts';

export function createClient(options: OpenAiProviderOptions, firstByteTimeoutMs: number): OpenAI {
  const common = {
    apiKey: options.apiKey,
    organization: options.organization ?? null,
    project: options.project ?? null,
    adminAPIKey: null,
    webhookSecret: null,
    defaultHeaders: options.headers ?? {},
    fetch: createUpstreamFetch(options.scrub ?? AS_IS),
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
 * Both SDK classes add the headers of OPENAI_CUSTOM_HEADERS to the default headers in their constructor, and no option
 * prevents it. They only store them there, in a field that subclasses can replace.
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
