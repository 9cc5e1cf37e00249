/** `npm run simulate`: the stand-in for the upstream alone, for other clients and for servers under test. */
import { parseConfig } from '../config/config.ts';
import { startSimulator } from '../simulator/simulator.ts';
import type { Command } from './command.ts';
import { stopRequests } from './generate/stop-requests.ts';

export const simulate: Command = async (_args, env) => {
  const { simulator } = parseConfig(env);
  const { port, durationMs, scenario, art } = simulator;
  const running = await startSimulator({ port, durationMs, art, ...(scenario === null ? {} : { scenario }) });
  console.log(
    `The simulator listens. Point a client at it with OPENAI_BASE_URL=${running.url} and any OPENAI_API_KEY.`,
  );
  await stopRequests().first;
  await running.close();
  return 0;
};
