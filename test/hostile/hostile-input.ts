/**
 * Hostile inputs as a table: each case says what is sent over which way in, and the exact answer. `check-hostile-inputs.ts`
 * runs a table against one server, and checks after each case that the server came to no harm.
 */
import type { Credentials, Operation, Payload } from '../conformance/ways-in.ts';

/** The names of the ways in of test/conformance/ways-in.ts. */
export type Way =
  | 'small JSON POST'
  | 'large POST'
  | 'GET'
  | 'multipart'
  | 'SSE'
  | 'WebSocket query'
  | 'WebSocket mutation'
  | 'WebSocket subscription';

/** What the server has before the first case: global ids, and a cursor of the call. */
export interface Seed {
  readonly callId: string;
  readonly conversationId: string;
  readonly imageId: string;
  readonly cursor: string;
}

interface Case {
  readonly name: string;
  /** The largest growth of the process while the case runs, in bytes; 100 MB unless the case says otherwise. */
  readonly maxGrowthBytes?: number;
  /** The longest time on the CPU without a turn of the event loop, in milliseconds; 100 unless the case says otherwise. */
  readonly maxTurnMs?: number;
  /** How often the case is sent; an operation 3 times by default, because it is compiled when it comes for the third time. */
  readonly times?: number;
}

/** An operation, sent over several ways in: each must have the same answer. */
export interface HostileOperation extends Case {
  readonly operation: (seed: Seed) => Operation;
  readonly credentials?: Credentials;
  /** Every query way by default; a document that is too long for a URL is not sent by GET. */
  readonly over?: readonly Way[];
  /** Of HTTP; not compared for server-sent events, where it is 200. */
  readonly status: number;
  /** The payloads: one, or one per event. May hold asymmetric matchers. */
  readonly payloads: readonly Payload[] | readonly unknown[];
}

/** An HTTP request of any form. */
export interface HostileRequest extends Case {
  readonly request: (
    url: string,
    seed: Seed,
  ) => { readonly path: string; readonly init: RequestInit } | Promise<{ path: string; init: RequestInit }>;
  readonly status: number;
  /** The body: parsed when it is JSON, a string otherwise. May hold asymmetric matchers. */
  readonly body: unknown;
  /** Headers that the response must have. */
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** Bytes over a plain connection. */
export interface HostileBytes extends Case {
  readonly bytes: (url: URL, seed: Seed) => string | Uint8Array | AsyncIterable<string | Uint8Array>;
  /** All that the server sends until the connection is closed. May be an asymmetric matcher. */
  readonly response: unknown;
}

/** Messages over a WebSocket of graphql-transport-ws. */
export interface HostileMessages extends Case {
  /** Sent when it is open, without waiting for answers. */
  readonly messages: (seed: Seed) => readonly string[];
  /** Sent when the server has acknowledged the connection, without waiting for further answers. */
  readonly afterAck?: (seed: Seed) => readonly string[];
  /** Messages that the server sends, until it sent this many or closed the socket. May hold asymmetric matchers. */
  readonly answers: readonly unknown[];
  /** The code of the close frame; null when the socket must stay open. */
  readonly closeCode: number | null;
}

export type HostileInput = HostileOperation | HostileRequest | HostileBytes | HostileMessages;

/** The payload of an operation that was refused. */
export function refused(code: string, message: unknown): Payload {
  // Vitest's matchers stand for any value.
  return { errors: [{ message: message as string, extensions: { code } }] };
}
