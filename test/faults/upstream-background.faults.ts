/** What the upstream does wrong while it works in the background: what it has named is followed to its end. */
import { keepTally } from './tally.ts';
import { describeUpstreamFaults } from './upstream-rounds.ts';

describeUpstreamFaults(true, keepTally('upstream-background'));
