/** The calls that run in this process: each call runs once at a time. */
import { Slot } from './slot.ts';
import { type CallInterrupts, createCallInterrupts } from './tasks/interrupt.ts';

interface RunningCall {
  readonly interrupts: CallInterrupts;
  /** Resolves when the call has ended or waits again. */
  readonly ended: Promise<void>;
  /** Held while the queue counts the call as running. A recovered call starts at once, without a slot. */
  readonly slot: Slot;
}

export interface RunningCallsOptions {
  readonly run: (callId: string, interrupts: CallInterrupts, slot: Slot) => Promise<void>;
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
    if (running === undefined) {
      const slot = new Slot(true);
      return Promise.race([this.#start(callId, slot), slot.left]);
    }
    if (running.slot.isHeld) {
      this.#runAgain.add(callId);
      return;
    }
    // A recovered call started without a slot; it occupies this one until it ends. One that left its slot is ending.
    await running.ended;
    if (!this.#isStopping) await this.run(callId);
  }

  /** Runs a recovered call at once, without a slot; false when it runs already. */
  recover(callId: string): boolean {
    if (this.#running.has(callId)) return false;
    void this.#start(callId, new Slot(false));
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

  #start(callId: string, slot: Slot): Promise<void> {
    const interrupts = createCallInterrupts();
    if (this.#isStopping) interrupts.release();
    const ended = this.#runToEnd(callId, interrupts, slot);
    this.#running.set(callId, { interrupts, ended, slot });
    return ended;
  }

  async #runToEnd(callId: string, interrupts: CallInterrupts, slot: Slot): Promise<void> {
    let isAgain = false;
    try {
      await this.#options.run(callId, interrupts, slot).finally(() => interrupts.dispose());
    } catch (error) {
      isAgain = await this.#options.onError(callId, error);
    }
    this.#running.delete(callId);
    if (this.#runAgain.delete(callId)) isAgain = true;
    if (isAgain && !this.#isStopping) await this.#start(callId, slot);
  }

  async #allEnded(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }
}
