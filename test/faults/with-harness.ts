/** Tests that share a house, as the many days of one server do; after a failure the next one gets a new house. */
import { afterAll, it } from 'vitest';
import { House, type HouseOptions } from './harness.ts';
import { createRandom } from './rounds.ts';

type Env = Readonly<Record<string, string>>;
type HouseTest = (title: string, env: Env, play: (house: House) => Promise<void>) => void;

/** `env` is what the server is told on top of the house's own; it is started anew when that differs. */
export function inHouse(options: HouseOptions): HouseTest {
  let house: House | null = null;
  let told = '';

  afterAll(async () => {
    await house?.[Symbol.asyncDispose]();
  });

  async function open(env: Env): Promise<House> {
    const telling = JSON.stringify(env);
    if (house === null) house = await House.open(options, env);
    else if (told !== telling) {
      await house.end('SIGTERM');
      await house.start(env);
    }
    told = telling;
    return house;
  }

  return (title, env, play) => {
    it(title, async () => {
      const opened = await open(env);
      opened.random = createRandom(title);
      opened.upstream.steer({});
      try {
        await play(opened);
      } catch (error) {
        house = null;
        await opened[Symbol.asyncDispose]();
        throw error;
      }
    });
  };
}
