/** What the log says of operations that fail: whose they are, how serious that is, and nothing that they contain. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, startApp } from '../../src/app/compose.ts';
import { createLogger } from '../../src/app/logging.ts';
import { parseConfig } from '../../src/config/config.ts';
import { newDataDir } from '../support/server.ts';
import { generateToEnd } from './steps.ts';

const PROMPT = 'a very private cat';
const KEY = `dk_abcdefghijkl_${'s'.repeat(43)}`;
const CLIENT_TOKEN = `dkt_eyJ2ZXJzaW9uIjoxfQ.${'s'.repeat(43)}`;
const IMAGE_URL = `/images/1.png?exp=1&sig=${'s'.repeat(22)}`;

let app: App;
let dataDir: string;
const lines: string[] = [];
const config = () =>
  parseConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    SIMULATOR_DURATION_MS: '0',
    MAX_ATTEMPTS: '1',
    LOG_LEVEL: 'debug',
    OPENAI_PROJECT_ID: 'a-secret-project',
  });

beforeAll(async () => {
  dataDir = await newDataDir();
  app = await startApp(config(), createLogger(config(), { write: (line) => void lines.push(line) }));
});
afterAll(async () => {
  await app.close();
  await rm(dataDir, { recursive: true });
});

function logged(message: string): readonly Record<string, unknown>[] {
  return lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === message);
}

describe('the log', () => {
  it('tells at debug that an operation was refused, and whose it was', async () => {
    const query = '{ images(first: 1, after: "nonsense") { edges { node { id } } } }';
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
    expect(logged('an operation was refused')).toEqual([
      expect.objectContaining({ level: 20, principal: 'local', path: ['images'] }),
    ]);
    // No client can fill the log of errors, or put its words there.
    expect(lines.filter((line) => JSON.parse(line).level >= 40)).toEqual([]);
  });

  it('tells at info that the upstream refused what a client asked for, without its words', async () => {
    await generateToEnd(app.url, { prompt: `${PROMPT} [sim:http-400]` });
    const [line] = logged('a request to the upstream failed');
    expect(line).toMatchObject({ level: 30, principal: 'local', code: 'INVALID_REQUEST' });
    const above = lines.filter((text) => JSON.parse(text).level >= 30).join('\n');
    expect(above).not.toContain(PROMPT);
  });

  it('tells at warn what the upstream itself failed at', async () => {
    await generateToEnd(app.url, { prompt: `${PROMPT} [sim:http-500]` });
    expect(logged('a request to the upstream failed').at(-1)).toMatchObject({ level: 40, principal: 'local' });
  });

  it('has no secrets, credentials or endless texts in an error, its stack and its causes', () => {
    const written: string[] = [];
    const logger = createLogger(config(), { write: (line) => void written.push(line) });
    const cause = Object.assign(
      new Error(`with ${KEY} and ${CLIENT_TOKEN} for ${IMAGE_URL} and eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.signature`),
      {
        headers: { authorization: 'Bearer hidden' },
        code: 'ECONNRESET',
      },
    );
    logger.error({ err: new Error(`for a-secret-project ${'x'.repeat(100_000)}`, { cause }) }, 'it failed');
    const [line = ''] = written;
    expect(line.length).toBeLessThan(30_000);
    expect(line).not.toMatch(/a-secret-project|dk_abc|dkt_|eyJ|hidden|ssss/u);
    expect(JSON.parse(line)).toMatchObject({ err: { cause: { code: 'ECONNRESET' } } });
  });
});
