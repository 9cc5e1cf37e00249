/** Cancelling what the upstream works on while somebody listens. */
import { describeCancellations } from './cancel-rounds.ts';
import { keepTally } from './tally.ts';

describeCancellations(false, keepTally('cancel-plain'));
