/**
 * Routes requests to the endpoints. OpenAI's paths start with `/v1`. Azure has the same ones below `/openai/v1`, and
 * older ones below `/openai` with an `api-version`, where the Image API has the deployment's name in its path.
 */

import { createFile, deleteFile, retrieveFile } from '../files/endpoint.ts';
import { makeImages } from '../images/endpoint.ts';
import { cancelResponse, createResponse, deleteResponse, retrieveResponse } from '../responses/endpoint.ts';
import type { Upstream } from '../upstream.ts';
import { ApiError, notFound } from './api-error.ts';
import type { Answer, Exchange } from './exchange.ts';
import { isObject } from './json.ts';

/** @throws {ApiError} for every request that the upstream rejects */
export async function route(upstream: Upstream, exchange: Exchange): Promise<Answer> {
  const target = targetOf(exchange.url);
  requireKey(exchange, target?.azure ?? false);
  if (target !== null) {
    if (target.azure && !target.versioned && !exchange.url.searchParams.get('api-version')) {
      throw notFound('Resource not found');
    }
    const answer = answerAt(
      upstream,
      target.deployment === null ? exchange : atDeployment(exchange, target.deployment),
      target.path,
    );
    if (answer !== null) return answer;
  }
  throw notFound(`Invalid URL (${exchange.method} ${exchange.url.pathname})`);
}

interface Target {
  /** The path without the prefix that tells OpenAI from Azure. */
  readonly path: readonly string[];
  readonly azure: boolean;
  /** Whether the path itself names the version of the API. */
  readonly versioned: boolean;
  readonly deployment: string | null;
}

function targetOf(url: URL): Target | null {
  const parts = url.pathname.split('/').slice(1);
  const azure = parts[0] === 'openai';
  const path = azure ? parts.slice(1) : parts;
  if (path[0] === 'v1') return { path: path.slice(1), azure, versioned: true, deployment: null };
  if (!azure) return null;
  const deployment = path[0] === 'deployments' && path[2] === 'images' ? (path[1] ?? '') : null;
  return { path: deployment === null ? path : path.slice(2), azure, versioned: false, deployment };
}

const DEPLOYED_MODEL = 'gpt-image-2';

/** The deployment decides the model, not the body: a deployment named like a model is that model. */
function atDeployment(exchange: Exchange, deployment: string): Exchange {
  if (!isObject(exchange.body)) return exchange;
  const model = deployment.startsWith('gpt-image-') ? deployment : DEPLOYED_MODEL;
  return { ...exchange, body: { ...exchange.body, model } };
}

/** Null when nothing is at this path. */
function answerAt(upstream: Upstream, exchange: Exchange, path: readonly string[]): Promise<Answer> | Answer | null {
  const [collection, id, ...verbs] = path;
  const { counters } = upstream;
  const named = id === undefined || collection === 'images' ? (id ?? '') : '{id}';
  switch (`${exchange.method} /${[collection, named, ...verbs].filter((part) => part !== '').join('/')}`) {
    case 'POST /responses':
      counters.creates += 1;
      return createResponse(upstream, exchange);
    case 'GET /responses/{id}':
      counters.retrieves += 1;
      if (exchange.url.searchParams.get('stream') === 'true') counters.resumes += 1;
      return retrieveResponse(upstream, exchange, id ?? '');
    case 'POST /responses/{id}/cancel':
      counters.cancels += 1;
      return cancelResponse(upstream, id ?? '');
    case 'DELETE /responses/{id}':
      counters.deletes += 1;
      return deleteResponse(upstream, id ?? '');
    case 'POST /images/generations':
      counters.generations += 1;
      return makeImages(upstream, exchange, 'image_generation');
    case 'POST /images/edits':
      counters.edits += 1;
      return makeImages(upstream, exchange, 'image_edit');
    case 'POST /files':
      counters.uploads += 1;
      return createFile(upstream, exchange);
    case 'GET /files/{id}':
      return retrieveFile(upstream, id ?? '');
    case 'DELETE /files/{id}':
      return deleteFile(upstream, id ?? '');
    default:
      return null;
  }
}

/** Accepts any key, but requires one, so that a client without a key fails here as it would at the upstream. */
function requireKey({ headers }: Exchange, azure: boolean): void {
  if (/^Bearer \S/.test(headers.authorization ?? '')) return;
  if (azure && headers['api-key']) return;
  throw new ApiError({
    status: 401,
    message:
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
  });
}
