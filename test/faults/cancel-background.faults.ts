/** Cancelling background responses. */
import { describeCancellations } from './cancel-rounds.ts';
import { keepTally } from './tally.ts';

describeCancellations(true, keepTally('cancel-background'));
