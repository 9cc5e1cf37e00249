/** SIGKILL of a server whose upstream goes on without it: what was named is found again, and bought once. */
import { describeKills } from './kill-rounds.ts';
import { keepTally } from './tally.ts';

describeKills(true, keepTally('kill-background'));
