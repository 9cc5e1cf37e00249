/** The address of a client, to count what each address does. */
import type { IncomingMessage } from 'node:http';

/** @returns an IP address; empty when the connection is already closed */
export type AddressOf = (request: IncomingMessage) => string;

export const socketAddress: AddressOf = ({ socket }) => socket.remoteAddress ?? '';
