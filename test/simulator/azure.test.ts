/** The simulator at Azure's paths, used by the SDK's Azure client. */
import OpenAI, { AzureOpenAI } from 'openai';
import { describe, expect, it } from 'vitest';
import type { RecordedRequest } from '../../src/simulator/simulator.ts';
import { collect, errorOf, MODEL, SMALL, simulate, tool } from './support.ts';

async function azure(deployment?: string) {
  const requests: RecordedRequest[] = [];
  const { simulator } = await simulate({ onRequest: (request) => requests.push(request) });
  const endpoint = new URL(simulator.url).origin;
  const client = new AzureOpenAI({
    apiKey: 'azure-key',
    endpoint,
    apiVersion: '2026-10-01-preview',
    maxRetries: 0,
    ...(deployment !== undefined && { deployment }),
  });
  return { client, simulator, endpoint, requests };
}

describe('Azure', () => {
  it('has the Image API at its deployments, and the others beside them', async () => {
    const { client, requests, simulator } = await azure('my-pictures');
    const made = await client.images.generate({ prompt: 'a boat', ...SMALL });
    const file = new File([Buffer.from(made.data?.[0]?.b64_json ?? '', 'base64')], 'a.webp', { type: 'image/webp' });
    await client.images.edit({ image: file, prompt: 'add snow', ...SMALL });
    const { id } = await client.files.create({ file, purpose: 'vision' });
    await client.files.retrieve(id);
    const ask = { model: MODEL, input: 'a boat', tools: [tool()] };
    const events = await collect(await client.responses.create({ ...ask, stream: true }));
    expect(events.at(-1)?.type).toBe('response.completed');
    const response = await client.responses.create(ask);
    await client.responses.retrieve(response.id);
    const version = '?api-version=2026-10-01-preview';
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /openai/deployments/my-pictures/images/generations${version}`,
      `POST /openai/deployments/my-pictures/images/edits${version}`,
      `POST /openai/files${version}`,
      `GET /openai/files/${id}${version}`,
      `POST /openai/responses${version}`,
      `POST /openai/responses${version}`,
      `GET /openai/responses/${response.id}${version}`,
    ]);
    for (const { headers } of requests) {
      expect(headers['api-key']).toBe('azure-key');
      expect(headers).not.toHaveProperty('authorization');
    }
    expect(simulator.requests).toMatchObject({ generations: 1, edits: 1, uploads: 1, creates: 2, retrieves: 1 });
  });

  it('has OpenAI’s own paths behind /openai/v1', async () => {
    const { endpoint } = await azure();
    const client = new OpenAI({ apiKey: 'azure-key', baseURL: `${endpoint}/openai/v1/`, maxRetries: 0 });
    const made = await client.images.generate({ model: 'gpt-image-2', prompt: 'a boat', ...SMALL });
    expect(made.data).toHaveLength(1);
  });

  it('refuses a request without a version or a key, and OpenAI’s paths take no Azure key', async () => {
    const { endpoint } = await azure();
    const status = async (path: string, headers: Record<string, string>) =>
      (await fetch(`${endpoint}${path}`, { headers })).status;
    expect(await status('/openai/files/file-1', { 'api-key': 'x' })).toBe(404);
    expect(await status('/openai/files/file-1?api-version=1', {})).toBe(401);
    expect(await status('/v1/files/file-1', { 'api-key': 'x' })).toBe(401);
    expect(await status('/elsewhere/v1/files', { authorization: 'Bearer x' })).toBe(404);
  });

  it('says that a resource is not there with words of its own', async () => {
    const { client } = await azure();
    expect(await errorOf(client.get('/nothing'))).toMatchObject({ status: 404 });
  });
});
