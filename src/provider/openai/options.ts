/** The provider's options. The provider itself never reads the environment. */
import type { Scrub } from '../../lib/scrubber.ts';
import type { RequestModels } from './responses/request.ts';

export interface AzureOptions {
  /** The resource's URL, such as `https://example.openai.azure.com`. Replaces `baseURL`. */
  readonly endpoint: string;
  readonly apiVersion: string;
  /**
   * The deployment of the image model for the Image API; null uses the image model's name. In the Responses API, model
   * names are deployment names.
   */
  readonly deployment: string | null;
}

export interface OpenAiProviderOptions extends RequestModels {
  readonly apiKey: string;
  /** Null or undefined: OpenAI's own. */
  readonly baseURL?: string | null;
  readonly organization?: string | null;
  readonly project?: string | null;
  /** Sent with each request. They override the client's own headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Null or undefined: OpenAI or a compatible service. */
  readonly azure?: AzureOptions | null;
  /**
   * Whether the upstream may store responses, which is its default. Organisations with zero data retention need false;
   * then background work is not possible. Default true.
   */
  readonly store?: boolean;
  /**
   * Whether to send `max_tool_calls: 1`. A request is for one image, and a model that makes another one charges for it.
   * Default false, because a service that does not know the parameter may reject it.
   */
  readonly boundsToolCalls?: boolean;
  /** How long the upstream keeps uploads, 3,600 to 2,592,000. Default 2,588,400: an hour less than the maximum. */
  readonly fileExpirySeconds?: number;
  /** An open stream without a byte for this long ends the run. */
  readonly idleTimeoutMs: number;
  /**
   * The same for an open stream with bytes but without any part of an event: comments and blank lines, which proxies send.
   * The upstream's own keepalive events are events. Default 600,000.
   */
  readonly commentTimeoutMs?: number;
  /**
   * A create request without response headers for this long ends the run. Default 300,000. For an answer that is not
   * streamed, only the run's signal limits the time.
   */
  readonly firstByteTimeoutMs?: number;
  /** A resume, retrieve or cancel without response headers for this long fails. Default 60,000. */
  readonly readTimeoutMs?: number;
  /** An upload that takes longer than this fails. Default 120,000. */
  readonly uploadTimeoutMs?: number;
  /** The largest event accepted, including pictures in base64. */
  readonly maxLineBytes: number;
  /** The largest picture accepted, in decoded bytes. Default: `maxLineBytes`. */
  readonly maxPictureBytes?: number;
  /** Removes the secrets of this server from what the upstream says. Default: nothing is removed. */
  readonly scrub?: Scrub;
  /** The clock that turns a `Retry-After` in seconds into a time. Default `Date.now`. */
  readonly now?: () => number;
}
