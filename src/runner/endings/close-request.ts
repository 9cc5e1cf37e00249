/** Closes the record of one request: its state, and what it cost. */
import type { Ledger, LedgerEntry } from '../../billing/ledger.ts';
import type { RequestOutcome } from '../../billing/outcome.ts';
import type { DatabaseTransaction } from '../../db/database.ts';
import type { AttemptChange } from '../../db/queries/engine/attempts.ts';
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import { moveAttempt } from '../../state/transitions.ts';

/** Does nothing when the request is closed already: then its cost is stored, too. */
export async function closeRequest(
  ledger: Ledger,
  transaction: DatabaseTransaction,
  call: GenerationCall,
  request: Omit<LedgerEntry, 'purchase'>,
  { event, purchase, usage }: RequestOutcome,
  change: AttemptChange = {},
): Promise<void> {
  const usageChange = usage === null ? {} : { usage: JSON.stringify(usage) };
  if (!(await moveAttempt(transaction, request.key, event, { ...change, ...usageChange }))) return;
  await ledger.enter(transaction, call, { ...request, usage: usage?.tokens ?? request.usage, purchase });
}
