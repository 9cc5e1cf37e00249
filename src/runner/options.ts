/** The groups of options that the parts of the runner share. Each part takes the groups that it needs. */
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import type { Picture } from '../domain/images/image.ts';
import type { MarkupService } from '../images/markup-service.ts';
import type { MaskService } from '../images/mask-service.ts';
import type { ImageService } from '../images/service.ts';
import type { ImageProvider, ProviderRun } from '../provider/image-provider.ts';
import type { Transitions } from '../state/transitions.ts';
import type { Clock } from './clock.ts';
import type { RetryPolicy } from './endings/retry-policy.ts';
import type { ApiPolicy } from './requests/plan.ts';
import type { PollPauses } from './tasks/poll-schedule.ts';

/** Where calls and bytes are stored. */
export interface Storage {
  readonly db: Database;
  readonly imageService: ImageService;
  readonly masks: MaskService;
  readonly markups: MarkupService;
}

/** The upstream, and what it is allowed to be asked for. */
export interface Upstream {
  readonly provider: ImageProvider;
  /** Identifies the upstream, so that its ids are never sent to another one. */
  readonly identity: string;
  /** Whether requests ask the upstream to work in the background. */
  readonly background: boolean;
  /** Whether the upstream keeps responses, so that a later request can refer to them. */
  readonly retainsResponses: boolean;
  /** Whether source images are uploaded to the upstream as files. */
  readonly files: boolean;
  readonly apiPolicy: ApiPolicy;
  /** What the upstream is told instead of the principal, at most 128 characters; null where it is told nothing. */
  readonly safetyIdentifierOf: (principal: string) => string | null;
}

export interface Limits {
  /** How long a call may take in all, besides its completion window. In milliseconds. */
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  /** How often to ask about a response with a completion window. */
  readonly completionPolls: PollPauses;
  /** How often to look for calls that other servers left, in milliseconds. */
  readonly adoptIntervalMs: number;
  /** How long `close` waits for running calls, in milliseconds. */
  readonly drainTimeoutMs: number;
}

/** What nearly every part of the runner needs. */
export interface RunnerContext {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Opens a sink that stores the bytes of one picture; its receipt is null for bytes that are not a picture. */
export type OpenSink = ProviderRun<Picture | null>['openSink'];
