/** Faults of the upstream on one connection: what is lost is reported as lost. */
import { keepTally } from './tally.ts';
import { describeUpstreamFaults } from './upstream-rounds.ts';

describeUpstreamFaults(false, keepTally('upstream-plain'));
