/** SIGKILL of a server whose upstream stops with it: a truthful end, and nothing is bought twice. */
import { describeKills } from './kill-rounds.ts';
import { keepTally } from './tally.ts';

describeKills(false, keepTally('kill-plain'));
