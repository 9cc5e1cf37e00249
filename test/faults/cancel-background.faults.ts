/** Cancelling what the upstream works on in the background. */
import { describeCancellations } from './cancel-rounds.ts';
import { keepTally } from './tally.ts';

describeCancellations(true, keepTally('cancel-background'));
