/** A server whose upstream is a simulator of this process, and what is ordered of it. */
import {
  type RecordedRequest,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/simulator.ts';
import { startServerHere } from '../support/app.ts';
import { data } from '../support/client.ts';
import type { EstimateGenerationInput, GenerateImageInput, RetryGenerationInput } from '../support/gql/graphql.ts';
import { Order, OrderedCall, RetryGeneration } from '../support/order-documents.ts';
import { Estimate } from '../support/price-documents.ts';
import { type RunningServer, startServer, type TestServer, type TestServerOptions } from '../support/server.ts';
import { watchToEnd } from './steps.ts';

export interface Shop<Server extends RunningServer = RunningServer> extends AsyncDisposable {
  readonly url: string;
  readonly server: Server;
  readonly simulator: Simulator;
  /** What the upstream was asked so far. */
  readonly requests: readonly RecordedRequest[];
  /** Starts another server on the same data and upstream; the first one must have stopped. */
  restart(env?: Readonly<Record<string, string>>): Promise<Server>;
  /** Those that can buy something. */
  creates(): readonly RecordedRequest[];
}

/** The upstream is a compatible one for the server, told all that it may use of it. */
export function openShop(env: Readonly<Record<string, string>> = {}, options: SimulatorOptions = {}): Promise<Shop> {
  return openShopWith(startServerHere, env, options);
}

/** The same with the server in a process of its own, which can be stopped and killed. */
export function openShopProcess(
  env: Readonly<Record<string, string>> = {},
  options: SimulatorOptions = {},
): Promise<Shop<TestServer>> {
  return openShopWith(startServer, env, options);
}

async function openShopWith<Server extends RunningServer>(
  start: (options: TestServerOptions) => Promise<Server>,
  env: Readonly<Record<string, string>>,
  options: SimulatorOptions,
): Promise<Shop<Server>> {
  const requests: RecordedRequest[] = [];
  const simulator = await startSimulator({
    durationMs: 0,
    art: 'plain',
    ...options,
    onRequest: (request) => requests.push(request),
  });
  const serverEnv = {
    OPENAI_BASE_URL: simulator.url,
    OPENAI_API_KEY: 'sk-shop',
    OPENAI_IMAGE_MODEL: 'gpt-image-2.6-sunburst',
    UPSTREAM_API: 'both',
    UPSTREAM_FILES: 'on',
    RETRY_BASE_DELAY_MS: '20',
    ...env,
  };
  const server = await start({ env: serverEnv });
  return {
    url: server.url,
    server,
    simulator,
    requests,
    restart: (more = {}) => start({ env: { ...serverEnv, ...more }, dataDir: server.dataDir }),
    creates: () =>
      requests.filter(({ method, path }) => method === 'POST' && !path.includes('/files') && !path.endsWith('/cancel')),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await simulator.close();
    },
  };
}

/** What comes of a mutation, success or not. */
export async function order(url: string, input: GenerateImageInput) {
  return (await data(url, Order, { input })).generateImage;
}

export async function orderedCall(url: string, id: string) {
  const { generationCall } = await data(url, OrderedCall, { id });
  if (generationCall === null) throw new Error(`there is no call ${id}`);
  return generationCall;
}

/** Orders, waits for the end, and tells how the call stands then. */
export async function orderToEnd(url: string, input: GenerateImageInput) {
  const accepted = await order(url, input);
  if (accepted.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(accepted));
  const events = await watchToEnd(url, accepted.call.id);
  return { events, call: await orderedCall(url, accepted.call.id) };
}

export async function retry(url: string, input: RetryGenerationInput) {
  return (await data(url, RetryGeneration, { input })).retryGeneration;
}

/** An estimate that must succeed. */
export async function estimate(url: string, input: EstimateGenerationInput) {
  const { estimateGeneration } = await data(url, Estimate, { input });
  if (estimateGeneration.__typename !== 'EstimateGenerationSuccess')
    throw new Error(JSON.stringify(estimateGeneration));
  return estimateGeneration.estimate;
}
