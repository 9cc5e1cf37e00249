/**
 * What one operation has taken so far: time, rows and bytes of its answer. When it has taken as much as it may, it reads
 * nothing more, and whatever it still asks for fails with an error that names the limit. Its reads leave the event loop to
 * others in between.
 */
import { LimitExceededError } from '../domain/errors.ts';
import { FIXED_LIMITS, type OperationLimits } from '../domain/limits/operation-limits.ts';
import { isLongTurn, untilShortTurn } from '../lib/turn.ts';

/** Reads of one operation at the same time. */
const MAX_READS = 4;

type Limits = Pick<OperationLimits, 'maxAnswerBytes' | 'executionTimeoutMs'>;

export class OperationMeter {
  readonly #limits: Limits;
  #bytes = 0;
  #rows = 0;
  /** When time is up, by the clock of `performance`; null before the first read. */
  #deadlineMs: number | null = null;
  #exceeded: LimitExceededError | null = null;
  #reads = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #dataUris = new Map<string, Promise<string | null>>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Begins a new execution: an event of a subscription, or the same query once more. */
  restart(): void {
    this.#bytes = 0;
    this.#rows = 0;
    this.#deadlineMs = null;
    this.#exceeded = null;
    this.#dataUris.clear();
  }

  /** Begins the answer once more, within the same time. */
  repeat(): void {
    this.#bytes = 0;
    this.#rows = 0;
  }

  /** Why the operation was ended; null while it may go on. */
  get exceeded(): LimitExceededError | null {
    return this.#exceeded;
  }

  /** The error of an execution that took too long. Nothing is read after it. */
  expire(): LimitExceededError {
    const { executionTimeoutMs: max } = this.#limits;
    const message = `The operation was given up after ${max} ms. Ask for less at once.`;
    return this.#exceed(new LimitExceededError('executionTimeoutMs', max, message));
  }

  /** Counts a text of the answer, and returns it. @throws {LimitExceededError} */
  text<Text extends string | null>(text: Text): Text {
    if (text !== null) this.#addBytes(text.length);
    return text;
  }

  /**
   * A data URI of the answer: made once, however often it is selected, and counted each time.
   * @param key the same for the same bytes
   * @throws {LimitExceededError} before the bytes are read
   */
  dataUri(key: string, encodedBytes: number, make: () => Promise<string | null>): Promise<string | null> {
    this.#addBytes(encodedBytes);
    const made = this.#dataUris.get(key) ?? this.read(make);
    this.#dataUris.set(key, made);
    return made;
  }

  /**
   * Runs a read of rows or bytes when it is its turn.
   * @throws {LimitExceededError} when the operation has taken too much by then
   */
  async read<T>(work: () => Promise<T>): Promise<T> {
    if (this.#reads >= MAX_READS) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#reads += 1;
    try {
      if (isLongTurn()) await untilShortTurn();
      this.#check();
      const found = await work();
      if (Array.isArray(found)) this.#addRows(found.length);
      return found;
    } finally {
      this.#reads -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Hands on rows whose number the cost of the operation does not foresee, one list after the other. */
  async list<Row>(rows: readonly Row[]): Promise<readonly Row[]> {
    this.#addRows(rows.length);
    if (isLongTurn()) await untilShortTurn();
    this.#check();
    return rows;
  }

  #check(): void {
    if (this.#exceeded !== null) throw this.#exceeded;
    const nowMs = performance.now();
    this.#deadlineMs ??= nowMs + this.#limits.executionTimeoutMs;
    if (nowMs > this.#deadlineMs) throw this.expire();
  }

  #addRows(count: number): void {
    this.#rows += count;
    const { maxRows: max } = FIXED_LIMITS;
    if (this.#rows <= max) return;
    throw this.#exceed(
      new LimitExceededError('maxRows', max, `The operation reads more than ${max} objects. Ask for smaller pages.`),
    );
  }

  #addBytes(count: number): void {
    this.#bytes += count;
    const { maxAnswerBytes: max } = this.#limits;
    if (this.#bytes <= max) return;
    const message = `The answer has more than ${max} bytes of data URIs and texts. Ask for fewer images at once, or for their URLs.`;
    throw this.#exceed(new LimitExceededError('maxAnswerBytes', max, message));
  }

  #exceed(error: LimitExceededError): LimitExceededError {
    this.#exceeded ??= error;
    return this.#exceeded;
  }
}
