/** The calls that run in this process: each call runs once at a time. */
import { type CallInterrupts, createCallInterrupts } from './tasks/interrupt.ts';

interface RunningCall {
  readonly interrupts: CallInterrupts;
  /** Resolves when the call has ended or waits again. */
  readonly ended: Promise<void>;
  /** Whether the queue started it. A recovered call starts at once, without a slot. */
  readonly hasSlot: boolean;
}

export interface RunningCallsOptions {
  readonly run: (callId: string, interrupts: CallInterrupts) => Promise<void>;
  /** Is called when `run` rejects; resolves, when the call may leave its slot, with whether to run it again. Never rejects. */
  readonly onError: (callId: string, error: unknown) => Promise<boolean>;
}

export class RunningCalls {
  readonly #options: RunningCallsOptions;
  readonly #running = new Map<string, RunningCall>();
  /** Calls that the queue started again while they ran: a retry can be due before the attempt before it is put away. */
  readonly #runAgain = new Set<string>();
  #isStopping = false;

  constructor(options: RunningCallsOptions) {
    this.#options = options;
  }

  /** Runs a call in a slot of the queue; resolves when the slot is free. */
  async run(callId: string): Promise<void> {
    const running = this.#running.get(callId);
    if (running === undefined) return this.#start(callId, true);
    if (running.hasSlot) {
      this.#runAgain.add(callId);
      return;
    }
    // A recovered call started without a slot; it occupies this one until it ends.
    await running.ended;
    if (!this.#isStopping) await this.run(callId);
  }

  /** Runs a recovered call at once, without a slot; false when it runs already. */
  recover(callId: string): boolean {
    if (this.#running.has(callId)) return false;
    void this.#start(callId, false);
    return true;
  }

  cancel(callId: string): void {
    this.#running.get(callId)?.interrupts.cancel();
  }

  /** No call is run again; those that run go on. */
  stopStarting(): void {
    this.#isStopping = true;
  }

  /** Leaves to another server the calls that it can resume; resolves when all have ended or are left. */
  async release(): Promise<void> {
    for (const { interrupts } of this.#running.values()) interrupts.release();
    await this.#allEnded();
  }

  /** Interrupts all calls; resolves when they have ended. */
  async stop(): Promise<void> {
    for (const { interrupts } of this.#running.values()) interrupts.stop();
    await this.#allEnded();
  }

  #start(callId: string, hasSlot: boolean): Promise<void> {
    const interrupts = createCallInterrupts();
    if (this.#isStopping) interrupts.release();
    const ended = this.#runToEnd(callId, interrupts, hasSlot);
    this.#running.set(callId, { interrupts, ended, hasSlot });
    return ended;
  }

  async #runToEnd(callId: string, interrupts: CallInterrupts, hasSlot: boolean): Promise<void> {
    let isAgain = false;
    try {
      await this.#options.run(callId, interrupts).finally(() => interrupts.dispose());
    } catch (error) {
      isAgain = await this.#options.onError(callId, error);
    }
    this.#running.delete(callId);
    if (this.#runAgain.delete(callId)) isAgain = true;
    if (isAgain && !this.#isStopping) await this.#start(callId, hasSlot);
  }

  async #allEnded(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }
}
