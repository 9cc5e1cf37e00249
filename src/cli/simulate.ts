/** `npm run simulate`: runs the simulator alone, for other clients and for servers under test. */
import { parseConfig } from '../config/config.ts';
import { listScenarios, startSimulator } from '../simulator/simulator.ts';
import type { Command } from './command.ts';
import { shutdownSignals } from './shutdown-signals.ts';
import { tableOf } from './table.ts';

export const simulate: Command = async (_args, env) => {
  const { simulator } = parseConfig(env);
  const { port, durationMs, scenario, art } = simulator;
  const running = await startSimulator({ port, durationMs, art, ...(scenario === null ? {} : { scenario }) });
  const scenarios = listScenarios().map(({ name, description }) => [name, description]);
  console.log(`${tableOf(['scenario', 'what happens'], scenarios)}\n`);
  console.log('A marker in a prompt selects a scenario: a boat [sim:quota]. SIMULATOR_SCENARIO selects one for all.');
  console.log(`The simulator is ready. To use it, set OPENAI_BASE_URL=${running.url} and OPENAI_API_KEY to any value.`);
  await shutdownSignals().first;
  await running.close();
  return 0;
};
