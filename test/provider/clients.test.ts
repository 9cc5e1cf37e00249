/** The URLs and headers of requests: OpenAI, Azure, and what the environment must not change. */
import { afterEach, describe, expect, it } from 'vitest';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import type { ProviderRequest } from '../../src/provider/image-provider.ts';
import type { OpenAiProviderOptions } from '../../src/provider/openai/openai-provider.ts';
import { type RecordedRequest, startSimulator } from '../../src/simulator/simulator.ts';
import { collect, picture, picturesOf, providerFor, REQUEST, Sinks } from './run.ts';

const SETTINGS = { ...NO_SETTINGS, size: '1024x640', format: 'WEBP', quality: 'LOW' } as const;
const VERSION = '2026-10-01-preview';

/** Every environment variable that the SDK reads. */
const ENVIRONMENT = {
  OPENAI_API_KEY: 'sk-environment',
  OPENAI_ADMIN_KEY: 'sk-environment',
  OPENAI_BASE_URL: 'http://environment.invalid/v1',
  OPENAI_ORG_ID: 'org_environment',
  OPENAI_PROJECT_ID: 'proj_environment',
  OPENAI_WEBHOOK_SECRET: 'environment',
  OPENAI_CUSTOM_HEADERS: 'X-Environment: yes\nX-Extra: environment',
  OPENAI_LOG: 'debug',
  OPENAI_API_VERSION: '1999-01-01',
  AZURE_OPENAI_API_KEY: 'environment',
  AZURE_OPENAI_ENDPOINT: 'http://environment.invalid',
};

afterEach(() => {
  for (const name of Object.keys(ENVIRONMENT)) delete process.env[name];
});

/** Sends one request of each kind to the simulator and returns what arrived there. */
async function visit(options: Partial<OpenAiProviderOptions> & { azureDeployment?: string | null } = {}) {
  const requests: RecordedRequest[] = [];
  const simulator = await startSimulator({
    art: 'plain',
    durationMs: 0,
    onRequest: (request) => requests.push(request),
  });
  const { azureDeployment, ...rest } = options;
  const azure =
    azureDeployment === undefined
      ? {}
      : {
          baseURL: null,
          azure: { endpoint: `${new URL(simulator.url).origin}/`, apiVersion: VERSION, deployment: azureDeployment },
        };
  const provider = providerFor(simulator.url, { ...azure, ...rest });
  const signal = new AbortController().signal;
  const run = { signal, openSink: new Sinks().openSink };
  const made = (request: Partial<ProviderRequest>) =>
    collect(provider.generate({ ...REQUEST, settings: SETTINGS, ...request }, run));
  const told = await made({ background: true });
  const [parent] = picturesOf(told);
  const accepted = told.find((event) => event.type === 'accepted');
  const responseId = accepted?.responseId ?? '';
  await collect(provider.resume(responseId, null, run, []));
  await collect(provider.retrieve(responseId, run, []));
  await provider.cancel(responseId);
  const { fileId } = await provider.upload(picture(parent?.bytes ?? Buffer.alloc(0)), signal);
  const settings = { ...SETTINGS, model: 'gpt-image-2' };
  await made({ api: 'IMAGES', count: 2, settings });
  const context = { route: 'IMAGE_BYTES', pictures: [picture(Buffer.alloc(0), fileId)] } as const;
  await made({ api: 'IMAGES', context, settings: { ...settings, partialImages: 1 } });
  await simulator.close();
  return { requests, responseId };
}

const lines = (requests: readonly RecordedRequest[]) => requests.map(({ method, path }) => `${method} ${path}`);

describe('OpenAI', () => {
  it('is asked with the organisation, the project and the extra headers of this server', async () => {
    const headers = { 'X-Extra': 'one', 'x-ms-deployment': 'two' };
    const { requests, responseId } = await visit({ organization: 'org_1', project: 'proj_1', headers });
    expect(lines(requests)).toEqual([
      'POST /v1/responses',
      `GET /v1/responses/${responseId}?stream=true`,
      `GET /v1/responses/${responseId}`,
      `POST /v1/responses/${responseId}/cancel`,
      'POST /v1/files',
      'POST /v1/images/generations',
      'POST /v1/images/edits',
    ]);
    for (const request of requests) {
      expect(request.headers).toMatchObject({
        authorization: 'Bearer sk-test',
        'openai-organization': 'org_1',
        'openai-project': 'proj_1',
        'x-extra': 'one',
        'x-ms-deployment': 'two',
      });
    }
  });

  it('may be asked with headers in place of the client’s own', async () => {
    const { requests } = await visit({ headers: { 'User-Agent': 'darkroom' } });
    for (const { headers } of requests) expect(headers['user-agent']).toBe('darkroom');
  });
});

describe('Azure', () => {
  it('is asked at its paths, with its key and version, and the deployment for the Image API', async () => {
    const { requests, responseId } = await visit({ azureDeployment: 'gpt-image-2-eu', headers: { 'x-extra': 'one' } });
    const version = `api-version=${VERSION}`;
    expect(lines(requests)).toEqual([
      `POST /openai/responses?${version}`,
      `GET /openai/responses/${responseId}?${version}&stream=true`,
      `GET /openai/responses/${responseId}?${version}`,
      `POST /openai/responses/${responseId}/cancel?${version}`,
      `POST /openai/files?${version}`,
      `POST /openai/deployments/gpt-image-2-eu/images/generations?${version}`,
      `POST /openai/deployments/gpt-image-2-eu/images/edits?${version}`,
    ]);
    for (const { headers } of requests) {
      expect(headers).toMatchObject({ 'api-key': 'sk-test', 'x-extra': 'one' });
      expect(headers).not.toHaveProperty('authorization');
    }
  });

  it('has a deployment for each image model where none is set', async () => {
    const { requests } = await visit({ azureDeployment: null });
    expect(lines(requests).slice(-2)).toEqual([
      `POST /openai/deployments/gpt-image-2/images/generations?api-version=${VERSION}`,
      `POST /openai/deployments/gpt-image-2/images/edits?api-version=${VERSION}`,
    ]);
  });
});

describe('the environment', () => {
  it.each([
    ['OpenAI', {}],
    ['Azure', { azureDeployment: 'gpt-image-2' }],
  ])('changes nothing of what %s is asked', async (_, options) => {
    const plain = await visit({ ...options, headers: { 'x-extra': 'one' } });
    Object.assign(process.env, ENVIRONMENT);
    const changed = await visit({ ...options, headers: { 'x-extra': 'one' } });
    const seen = ({ requests }: typeof plain) =>
      requests.map(({ headers }) => {
        const { host: _host, 'content-length': _length, 'content-type': type, ...rest } = headers;
        return { ...rest, type: type?.split(';')[0] };
      });
    expect(seen(changed)).toEqual(seen(plain));
    expect(changed.requests).toHaveLength(7);
  });
});
