/** Cancelling responses that are streamed on one connection. */
import { describeCancellations } from './cancel-rounds.ts';
import { keepTally } from './tally.ts';

describeCancellations(false, keepTally('cancel-plain'));
