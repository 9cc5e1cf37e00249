/** What all requests of one simulator share: its options, what it remembers, and what it counts. */
import { Press } from './art/press.ts';
import type { SimulatorEvent } from './event-log.ts';
import type { RecordedRequest } from './exchange.ts';
import type { SteeredPrompt } from './prompt.ts';
import { ResponseStore } from './response-store.ts';

/** How often what was asked, and what came of it. */
export interface Counters {
  /** `POST /v1/responses`, whatever the answer. */
  creates: number;
  retrieves: number;
  /** Retrieves with `stream=true`. */
  resumes: number;
  cancels: number;
  deletes: number;
  /** `POST /v1/images/generations` */
  generations: number;
  /** `POST /v1/images/edits` */
  edits: number;
  /** Pictures drawn to their end: what the upstream would charge for. */
  pictures: number;
  /** Works that were stopped before their end: the client left, or they were cancelled or deleted. */
  stopped: number;
}

export interface UpstreamOptions {
  readonly durationMs: number;
  readonly scenario: string | null;
  readonly onEvent: (event: SimulatorEvent, request: RecordedRequest) => void;
}

export class Upstream {
  readonly store = new ResponseStore();
  readonly press = new Press();
  readonly counters: Counters = {
    creates: 0,
    retrieves: 0,
    resumes: 0,
    cancels: 0,
    deletes: 0,
    generations: 0,
    edits: 0,
    pictures: 0,
    stopped: 0,
  };
  readonly durationMs: number;
  readonly onEvent: UpstreamOptions['onEvent'];
  readonly #scenario: string | null;
  readonly #rejected = new Set<string>();

  constructor(options: UpstreamOptions) {
    this.durationMs = options.durationMs;
    this.onEvent = options.onEvent;
    this.#scenario = options.scenario;
  }

  /** The scenarios for a prompt: its markers, otherwise the simulator's own. */
  scenarioNames(prompt: SteeredPrompt): readonly string[] {
    if (prompt.scenarios.length > 0) return prompt.scenarios;
    return this.#scenario === null ? [] : [this.#scenario];
  }

  /** Whether this prompt was turned away once before; remembers that it is now. */
  alreadyRejected(words: string): boolean {
    const before = this.#rejected.has(words);
    this.#rejected.add(words);
    return before;
  }

  countPicture(): void {
    this.counters.pictures += 1;
  }

  countStopped(): void {
    this.counters.stopped += 1;
  }
}
