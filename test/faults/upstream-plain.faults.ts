/** What the upstream does wrong while it works on one connection: what is lost is lost, and said so. */
import { keepTally } from './tally.ts';
import { describeUpstreamFaults } from './upstream-rounds.ts';

describeUpstreamFaults(false, keepTally('upstream-plain'));
