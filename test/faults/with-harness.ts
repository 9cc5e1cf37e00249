/** Tests that share one harness, so that faults add up on the same data. After a failure the next test gets a new one. */
import { afterAll, it } from 'vitest';
import { Harness, type HarnessOptions } from './harness.ts';
import { createRandom } from './rounds.ts';

type Env = Readonly<Record<string, string>>;
type HarnessTest = (title: string, env: Env, play: (harness: Harness) => Promise<void>) => void;

/** `env` is added to the harness's own environment. The server restarts when it differs from the test before. */
export function withHarness(options: HarnessOptions): HarnessTest {
  let harness: Harness | null = null;
  let told = '';

  afterAll(async () => {
    await harness?.[Symbol.asyncDispose]();
  });

  async function open(env: Env): Promise<Harness> {
    const telling = JSON.stringify(env);
    if (harness === null) harness = await Harness.open(options, env);
    else if (told !== telling) {
      await harness.end('SIGTERM');
      await harness.start(env);
    }
    told = telling;
    return harness;
  }

  return (title, env, play) => {
    it(title, async () => {
      const opened = await open(env);
      opened.random = createRandom(title);
      opened.upstream.setBehavior({});
      try {
        await play(opened);
      } catch (error) {
        harness = null;
        await opened[Symbol.asyncDispose]();
        throw error;
      }
    });
  };
}
