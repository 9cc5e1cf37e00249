/** SIGKILL of a server whose upstream continues without it: a known response is found again, and bought once. */
import { describeKills } from './kill-rounds.ts';
import { keepTally } from './tally.ts';

describeKills(true, keepTally('kill-background'));
