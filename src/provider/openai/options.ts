/** How the provider is set up. Nothing of it is read from the environment here. */
import type { RequestModels } from './responses/request.ts';

export interface AzureOptions {
  /** Of the resource, such as `https://example.openai.azure.com`; takes the place of `baseURL`. */
  readonly endpoint: string;
  readonly apiVersion: string;
  /**
   * The deployment of the image model for the Image API; null takes the image model's name for it. In the Responses
   * API, model names are deployment names.
   */
  readonly deployment: string | null;
}

export interface OpenAiProviderOptions extends RequestModels {
  readonly apiKey: string;
  /** Null or left out: OpenAI's own. */
  readonly baseURL?: string | null;
  readonly organization?: string | null;
  readonly project?: string | null;
  /** Sent with each request, over the client's own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Null or left out: it is OpenAI, or a service that is compatible with it. */
  readonly azure?: AzureOptions | null;
  /**
   * Whether the upstream may keep responses, which is its default. False asks it not to, as an organisation without
   * data retention has to; then it cannot work in the background either. Default true.
   */
  readonly store?: boolean;
  /**
   * Whether the upstream takes a bound on how often the mainline model calls its tools. A request is for one picture,
   * and a model that draws another is charged for it. Default false: what does not know the bound may refuse it.
   */
  readonly boundsToolCalls?: boolean;
  /** How long the upstream keeps what is uploaded, 3,600 to 2,592,000. Default 2,588,400: an hour less than the most. */
  readonly fileExpirySeconds?: number;
  /**
   * Nothing of an event on an open stream for this long ends the run; comments are nothing, the upstream's own keepalive
   * events are something.
   */
  readonly idleTimeoutMs: number;
  /**
   * No response headers for this long ends the run. Default 300,000. An answer that is not streamed has all the
   * time that the run's signal leaves it.
   */
  readonly firstByteTimeoutMs?: number;
  /** No response headers to a resume, retrieve or cancel for this long ends that request. Default 60,000. */
  readonly readTimeoutMs?: number;
  /** An upload that takes longer than this is given up. Default 120,000. */
  readonly uploadTimeoutMs?: number;
  /** The largest event taken, pictures in base64 included. */
  readonly maxLineBytes: number;
  /** The largest picture taken, in bytes as decoded. Default: what fits into `maxLineBytes`. */
  readonly maxPictureBytes?: number;
  /** The clock by which a `Retry-After` in seconds becomes a moment. */
  readonly now?: () => number;
}
