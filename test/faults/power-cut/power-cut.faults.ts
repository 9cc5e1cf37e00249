/**
 * The power is cut at hundreds of instants of a recorded run, and a server starts on what the disk had. What was bought or
 * decided, and told, is there; previews may be lost but mislead nobody. docs/decisions/2026-11-28-cutting-the-power.md says
 * what is modelled.
 */
import { describe, expect, it } from 'vitest';
import { cutOften } from './cuts.ts';
import { whyNoRecorder } from './recorder.ts';
import { record } from './recording.ts';

const missing = whyNoRecorder();
if (missing !== null && process.env['CI'] !== undefined) throw new Error(missing);
if (missing !== null) console.warn(`Left out: power cuts; ${missing}`);

const STATES = 300;
/** A server is started on each of these. */
const SERVER_EACH = 10;

describe.skipIf(missing !== null)('a power cut', () => {
  for (const background of [true, false]) {
    const mode = background ? 'in the background' : 'on one connection';
    it(`promises 1-6, 8: ${mode}, takes nothing back that was bought or decided, and misleads nobody`, async () => {
      const name = `power cut, ${mode}`;
      await using recording = await record({ name, background, servers: 2, turns: 2 });
      const { states, servers, broken } = await cutOften(recording, { name, states: STATES, serverEach: SERVER_EACH });
      console.log(`${name}: ${recording.notes.length} notes, ${states} states, ${servers} servers`);
      const told = broken.map(({ cut, problems }) => [cut, ...problems].join('\n  ')).join('\n');
      const kept = broken.length === 0 ? '' : `the recording is kept in ${await recording.keep()}`;
      expect(told, kept).toBe('');
    });
  }
});
