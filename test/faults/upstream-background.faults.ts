/** Faults of the upstream in background mode: a known response is followed to its end. */
import { keepTally } from './tally.ts';
import { describeUpstreamFaults } from './upstream-rounds.ts';

describeUpstreamFaults(true, keepTally('upstream-background'));
