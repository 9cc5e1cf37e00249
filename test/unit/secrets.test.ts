/** Which values of the configuration are secrets, and how they are found in text. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { secretsOf } from '../../src/config/secrets.ts';
import { createScrubber } from '../../src/lib/scrubber.ts';
import { canariesIn, echo } from '../support/canaries.ts';

const scrubberFor = (env: Readonly<Record<string, string>>) => createScrubber(secretsOf(parseConfig(env)));

describe('the scrubber', () => {
  it('finds a secret in every form, in any case, and leaves everything else', () => {
    const secrets = { odd: 'a"b\\c/d+e f%g=h', long: 'x'.repeat(5_000), accents: 'clé-secrète-ü' };
    const scrub = createScrubber(Object.values(secrets));
    expect(canariesIn(scrub(echo(secrets)), secrets)).toEqual([]);
    expect(canariesIn(scrub(echo(secrets).toUpperCase()), secrets)).toEqual([]);
    expect(scrub('a cat in ink')).toBe('a cat in ink');
    expect(scrub(`before ${secrets.odd} after`)).toBe('before [secret] after');
  });

  it('ignores what is shorter than eight characters, which would be found in words', () => {
    expect(createScrubber(['', 'ink', 'seven77'])('a cat in ink, seven77')).toBe('a cat in ink, seven77');
    expect(createScrubber(['eight888'])('a cat in eight888')).toBe('a cat in [secret]');
  });
});

describe('the secrets of the configuration', () => {
  it('are keys, organisation, project, and credentials in a URL, which is used without them', () => {
    const env = {
      OPENAI_API_KEY: 'an-api-key',
      OPENAI_ORG_ID: 'an-organisation',
      OPENAI_PROJECT_ID: 'a-project',
      OPENAI_BASE_URL: 'https://someone:p%40ssword@pictures.example.com/v1',
    };
    expect(parseConfig(env).upstream).toMatchObject({ baseUrl: 'https://pictures.example.com/v1', headers: {} });
    expect(scrubberFor(env)('an-api-key an-organisation a-project p@ssword p%40ssword pictures.example.com')).toBe(
      '[secret] [secret] [secret] [secret] [secret] pictures.example.com',
    );
  });

  it('are the key of Azure, and the token that is the user of its URL', () => {
    const env = {
      AZURE_OPENAI_ENDPOINT: 'https://a-long-token@x.openai.azure.com',
      AZURE_OPENAI_API_KEY: 'an-azure-key',
      OPENAI_API_VERSION: '2026-01-01',
    };
    expect(parseConfig(env).upstream.azure?.endpoint).toBe('https://x.openai.azure.com');
    expect(scrubberFor(env)('an-azure-key a-long-token 2026-01-01')).toBe('[secret] [secret] 2026-01-01');
  });

  it('are sent as HTTP Basic authentication where there is no key', () => {
    const env = { OPENAI_BASE_URL: 'https://user:password1@pictures.example.com/v1' };
    const authorization = `Basic ${Buffer.from('user:password1').toString('base64')}`;
    expect(parseConfig(env).upstream.headers).toEqual({ authorization });
    expect(parseConfig({ ...env, OPENAI_CUSTOM_HEADERS: 'authorization: Other' }).upstream.headers).toEqual({
      authorization: 'Other',
    });
  });

  it.each([
    ['x-team: pictures', 'pictures', 'pictures'],
    ['x-api-key: pictures', 'pictures', '[secret]'],
    ['x-team: pictures-7f3a', 'pictures-7f3a', '[secret]'],
    ['x-forward: Bearer averylongtokenofletters', 'averylongtokenofletters', '[secret]'],
    ['cookie: session=0123456789; theme=dark', '0123456789', '[secret]'],
    [`authorization: Basic ${Buffer.from('user:open-sesame').toString('base64')}`, 'open-sesame', '[secret]'],
  ])('are of the header %s: %s becomes %s', (header, text, expected) => {
    expect(scrubberFor({ OPENAI_CUSTOM_HEADERS: header })(text)).toBe(expected);
  });

  it('are in no error message of the configuration', () => {
    const env = { OPENAI_BASE_URL: 'ftp://user:password1@x', OPENAI_CUSTOM_HEADERS: 'no header password1' };
    expect(() => parseConfig(env)).toThrow(/OPENAI_BASE_URL/u);
    expect(() => parseConfig(env)).not.toThrow(/password1/u);
  });
});
