/** The state that all requests of one simulator share: options, stored objects and counters. */

import type { Painter } from './art/painting.ts';
import { Renderer } from './art/rendering/renderer.ts';
import { FileStore } from './files/store.ts';
import type { SimulatorEvent } from './http/event-log.ts';
import type { RecordedRequest } from './http/exchange.ts';
import type { ParsedPrompt } from './prompt.ts';
import { ResponseStore } from './responses/store.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { everyOtherOf, findScenario, type RejectionHistory } from './scenarios/scenarios.ts';

/** Counts of requests, by kind, and of their results. */
export interface Counters {
  /** `POST /v1/responses`, whatever its answer. */
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
  /** `POST /v1/files` */
  uploads: number;
  /** Finished images: the upstream would charge for them. */
  pictures: number;
  /** Requests stopped before their end: the client left, or they were cancelled or deleted. */
  stopped: number;
}

export interface UpstreamOptions {
  readonly durationMs: number;
  readonly scenario: string | null;
  readonly paint: Painter;
  readonly onEvent: (event: SimulatorEvent, request: RecordedRequest) => void;
}

export class Upstream {
  readonly store = new ResponseStore();
  readonly files = new FileStore();
  readonly renderer: Renderer;
  readonly counters: Counters = {
    creates: 0,
    retrieves: 0,
    resumes: 0,
    cancels: 0,
    deletes: 0,
    generations: 0,
    edits: 0,
    uploads: 0,
    pictures: 0,
    stopped: 0,
  };
  readonly durationMs: number;
  readonly onEvent: UpstreamOptions['onEvent'];
  readonly #scenario: string | null;
  readonly #rejected = new Map<string, number>();
  readonly #creates = new Map<string, number>();

  constructor(options: UpstreamOptions) {
    this.renderer = new Renderer(options.paint);
    this.durationMs = options.durationMs;
    this.onEvent = options.onEvent;
    this.#scenario = options.scenario;
  }

  /**
   * The scenario of a create: from its markers, or else the simulator's own. Call it once per create, because it counts.
   * @throws {ApiError} a 400 when a marker is unknown
   */
  scenarioOf(prompt: ParsedPrompt): Scenario {
    const scenario = findScenario(this.#scenarioNames(prompt));
    if (scenario.everyOther === undefined) return scenario;
    const nth = (this.#creates.get(prompt.asked) ?? 0) + 1;
    this.#creates.set(prompt.asked, nth);
    return nth % 2 === 0 ? everyOtherOf(scenario) : scenario;
  }

  #scenarioNames(prompt: ParsedPrompt): readonly string[] {
    if (prompt.scenarios.length > 0) return prompt.scenarios;
    return this.#scenario === null ? [] : [this.#scenario];
  }

  /** The earlier rejections of a prompt. */
  rejectionHistory({ words }: ParsedPrompt): RejectionHistory {
    const firstRejection = () => {
      const before = this.#rejected.get(words) ?? null;
      if (before === null) this.#rejected.set(words, performance.now());
      return before;
    };
    return {
      alreadyRejected: () => firstRejection() !== null,
      rejectedSince: (waitMs) => performance.now() - (firstRejection() ?? Number.POSITIVE_INFINITY) >= waitMs,
    };
  }

  countPicture(): void {
    this.counters.pictures += 1;
  }

  countStopped(): void {
    this.counters.stopped += 1;
  }
}
