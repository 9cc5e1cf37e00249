/** Values of the configuration that no HTTP header can hold: the server does not start with them, and repeats none of them. */
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/app/logging.ts';
import { parseConfig } from '../../src/config/config.ts';
import { directFetch } from '../../src/provider/openai/stream/direct-fetch.ts';
import { canariesIn } from '../support/canaries.ts';
import { runCommandHere } from '../support/command.ts';
import { runMain } from '../support/server.ts';

const AZURE = {
  AZURE_OPENAI_ENDPOINT: 'https://x.openai.azure.com',
  AZURE_OPENAI_API_KEY: 'azure-key',
  OPENAI_API_VERSION: '2026-01-01',
};

/** The parts of a value that must not be repeated. */
const FIRST = 'canary-part-one';
const SECOND = 'canary-part-two';

/** Each with the variable that the error names. */
const UNSENDABLE: readonly [string, Readonly<Record<string, string>>][] = [
  ['OPENAI_API_KEY', { OPENAI_API_KEY: `${FIRST}\n${SECOND}` }],
  ['OPENAI_API_KEY', { OPENAI_API_KEY: `${FIRST}\r\n${SECOND}` }],
  ['OPENAI_API_KEY', { OPENAI_API_KEY: `${FIRST}\u0007${SECOND}` }],
  ['OPENAI_API_KEY', { OPENAI_API_KEY: `${FIRST}\u007f${SECOND}` }],
  ['OPENAI_API_KEY', { OPENAI_API_KEY: `${FIRST}”${SECOND}` }],
  ['OPENAI_API_KEY', { OPENAI_API_KEY: ' \n ' }],
  ['AZURE_OPENAI_API_KEY', { ...AZURE, AZURE_OPENAI_API_KEY: `${FIRST}\n${SECOND}` }],
  ['OPENAI_ORG_ID', { OPENAI_ORG_ID: `${FIRST}\n${SECOND}` }],
  ['OPENAI_PROJECT_ID', { OPENAI_PROJECT_ID: `${FIRST}…${SECOND}` }],
  ['OPENAI_CUSTOM_HEADERS', { OPENAI_CUSTOM_HEADERS: `x-secret: ${FIRST}…${SECOND}` }],
  ['OPENAI_CUSTOM_HEADERS', { OPENAI_CUSTOM_HEADERS: `x-secret: ${FIRST}\u0007${SECOND}` }],
  ['OPENAI_CUSTOM_HEADERS', { OPENAI_CUSTOM_HEADERS: `x ${FIRST}: ${SECOND}` }],
  ['OPENAI_CUSTOM_HEADERS', { OPENAI_CUSTOM_HEADERS: `x-ü: ${FIRST}${SECOND}` }],
  ['OPENAI_CUSTOM_HEADERS', { OPENAI_CUSTOM_HEADERS: `transfer-encoding: ${FIRST}${SECOND}` }],
  ['OPENAI_BASE_URL', { OPENAI_BASE_URL: `https://user:${FIRST}\n${SECOND}@pictures.example.com/v1` }],
  ['OPENAI_BASE_URL', { OPENAI_BASE_URL: `https://user:${FIRST}%0A${SECOND}@pictures.example.com/v1` }],
  ['OPENAI_BASE_URL', { OPENAI_BASE_URL: `https://${FIRST}%07${SECOND}@pictures.example.com/v1` }],
  ['AZURE_OPENAI_ENDPOINT', { ...AZURE, AZURE_OPENAI_ENDPOINT: `https://u:${FIRST}%0d${SECOND}@x.openai.azure.com` }],
];

describe('a value that no header can hold', () => {
  const start = (run: typeof runMain | typeof runCommandHere, env: Readonly<Record<string, string>>) =>
    run([], { PORT: '0', DATA_DIR: '/nonexistent', ...env });

  it.each(UNSENDABLE)('in %s ends the start with 2: %j', async (name, env) => {
    const { code, stdout, stderr } = await start(runCommandHere, env);
    expect(code).toBe(2);
    expect(stderr).toContain(`${name} must`);
    expect(`${stdout}${stderr}`).not.toContain('canary');
  });

  it('ends the process, whose output is no other', async () => {
    for (const [, env] of [UNSENDABLE[0], UNSENDABLE.at(-1)].filter((each) => each !== undefined)) {
      const ended = await start(runMain, env);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended).toEqual(await start(runCommandHere, env));
    }
  });

  it('does not include the line end of the file that the value comes from', () => {
    const { upstream } = parseConfig({ OPENAI_API_KEY: ' sk-file\n', OPENAI_ORG_ID: 'org-file\r\n' });
    expect(upstream).toMatchObject({ apiKey: 'sk-file', organization: 'org-file' });
  });

  it('does not include Latin-1, which a header can hold', () => {
    expect(parseConfig({ OPENAI_CUSTOM_HEADERS: 'x-team: été' }).upstream.headers).toEqual({ 'x-team': 'été' });
  });
});

describe('the log', () => {
  const config = parseConfig({});
  const lines: string[] = [];
  const loggerFor = (apiKey: string) =>
    createLogger({ ...config, upstream: { ...config.upstream, apiKey } }, { write: (line) => void lines.push(line) });

  it.each(['\n', '\r\n', '\u0007', '\u0000', '…'])(
    'has nothing of such a key, whatever an error says of it: %j',
    async (divider) => {
      const key = `${FIRST}${divider}${SECOND}`;
      const logger = loggerFor(key);
      lines.length = 0;
      // The error of fetch itself quotes the header.
      const error: unknown = await directFetch('http://127.0.0.1:1/', {
        headers: { authorization: `Bearer ${key}` },
      }).catch((reason: unknown) => reason);
      const quoted = [key, key.replaceAll(divider, ''), key.replaceAll(divider, ' '), ...key.split(divider)];
      logger.error({ err: error }, 'as fetch says it');
      logger.error({ err: new Error('quoted', { cause: new Error(quoted.map((each) => `"${each}"`).join(' ')) }) });
      logger.trace({ key, inJson: JSON.stringify({ key }) }, key);
      logger.warn({ key, inJson: JSON.stringify({ key }) }, key);
      expect(lines.length).toBeGreaterThanOrEqual(3);
      expect(canariesIn(lines.join('\n'), { key, ...(divider === '…' ? {} : { FIRST, SECOND }) })).toEqual([]);
    },
  );

  it('has no part of a key that stands where a long error is cut', () => {
    const key = 'canary-key-of-some-length';
    for (const length of [1_990, 7_990]) {
      lines.length = 0;
      loggerFor(key).error({ err: new Error(`${'x'.repeat(length)}${key}`) }, 'long');
      expect(lines.join('')).not.toContain('canary');
    }
  });
});
