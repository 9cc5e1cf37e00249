/**
 * What resolvers reach with credentials that are limited to one conversation or one call. One place restricts reads
 * (src/db/restricted-reader.ts), one writes (src/commands/restricted.ts) and one subscriptions
 * (src/events/restricted-streams.ts), so that resolvers need to know nothing of it.
 */
import type { Context } from '../../../schema/context.ts';
import { restrictCommands } from '../../commands/restricted.ts';
import { restrictReader } from '../../db/restricted-reader.ts';
import { CLIENT_TOKEN_SCOPES } from '../../domain/access/client-token.ts';
import type { Restriction } from '../../domain/access/restriction.ts';
import { restrictEventStreams } from '../../events/restricted-streams.ts';

/** Other scopes are about the principal as a whole, so they are not looked at, whatever the credentials say. */
export function restrictContext(context: Context, only: Restriction): Context {
  const { identity } = context;
  const reader = restrictReader(context.reader, only);
  const scopes = new Set(CLIENT_TOKEN_SCOPES[only.type].filter((scope) => identity.scopes.has(scope)));
  return {
    ...context,
    // With a call alone, no scope is left that allows a command.
    ...(only.type === 'Conversation' ? restrictCommands(context, reader, only.id) : {}),
    identity: { ...identity, scopes },
    reader,
    placeAtStart: () => reader.place(),
    eventStreams: restrictEventStreams(context.eventStreams, reader, only),
    // Their amounts are totals of the principal.
    budgetsNow: async () => [],
  };
}
