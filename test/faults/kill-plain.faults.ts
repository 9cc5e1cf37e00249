/** SIGKILL of a server whose upstream hangs up with it: an honest end, and nothing bought twice. */
import { describeKills } from './kill-rounds.ts';
import { keepTally } from './tally.ts';

describeKills(false, keepTally('kill-plain'));
