/** The results of one subscription over WebSocket, sent as bytes that all subscribers of an event share. */
import type { ExecutionResult } from 'graphql';
import { CancellableIterator, DONE } from '../../../lib/cancellable-iterator.ts';
import type { MaskError } from '../../mask-error.ts';
import { bytesOf } from '../../result-bytes.ts';
import type { Connection } from './connection.ts';

const MESSAGE_END = Buffer.from('}');

export interface SentResultsOptions {
  readonly id: string;
  readonly connection: Connection;
  readonly maskError: MaskError;
}

/**
 * Sends each result itself and yields nothing. graphql-ws keeps the operation and ends it; left to send the results as
 * well, it would serialise each for each subscriber, because the id of the operation is in the message.
 */
export class SentResults extends CancellableIterator<never> {
  readonly #results: AsyncIterator<ExecutionResult>;
  readonly #connection: Connection;
  readonly #maskError: MaskError;
  readonly #messageStart: Buffer;
  #hasLeft = false;

  constructor(results: AsyncIterable<ExecutionResult>, { id, connection, maskError }: SentResultsOptions) {
    super();
    this.#results = results[Symbol.asyncIterator]();
    this.#connection = connection;
    this.#maskError = maskError;
    this.#messageStart = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  }

  override async next(): Promise<IteratorReturnResult<void>> {
    for (;;) {
      const { done, value } = await this.#nextResult();
      if (done || this.#hasLeft) return DONE;
      let bytes: ReturnType<typeof bytesOf>;
      try {
        bytes = bytesOf(value);
      } catch (error) {
        // The client would miss an event without knowing: an error ends its subscription instead.
        await this.release();
        await this.#send([Buffer.from(JSON.stringify({ errors: [this.#maskError(error)] }))]);
        return DONE;
      }
      const isTaken = await this.#send(bytes.parts);
      // The system may still be reading what was to be sent over a connection that broke off.
      bytes.release(isTaken);
    }
  }

  /** @throws {GraphQLError} what is followed is gone, for instance: graphql-ws ends the operation with this error */
  async #nextResult(): Promise<IteratorResult<ExecutionResult, void>> {
    try {
      return await this.#results.next();
    } catch (error) {
      throw this.#maskError(error);
    }
  }

  #send(payload: readonly Buffer[]): Promise<boolean> {
    return this.#connection.send([this.#messageStart, ...payload, MESSAGE_END]);
  }

  protected override async release(): Promise<void> {
    this.#hasLeft = true;
    await this.#results.return?.();
  }
}
