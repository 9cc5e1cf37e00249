/**
 * Which request goes where. OpenAI's paths start with `/v1`. Azure has the same ones behind `/openai/v1`, and older ones
 * behind `/openai` with an `api-version`, where the Image API has the deployment's name in its path.
 */

import { createFile, deleteFile, retrieveFile } from '../files/endpoint.ts';
import { makeImages } from '../images/endpoint.ts';
import { cancelResponse, createResponse, deleteResponse, retrieveResponse } from '../responses/endpoint.ts';
import type { Upstream } from '../upstream.ts';
import { ApiError, notFound } from './api-error.ts';
import type { Answer, Exchange } from './exchange.ts';
import { isObject } from './json.ts';

/** @throws {ApiError} for whatever the upstream refuses */
export async function route(upstream: Upstream, exchange: Exchange): Promise<Answer> {
  const place = placeOf(exchange.url);
  requireKey(exchange, place?.azure ?? false);
  if (place !== null) {
    if (place.azure && !place.versioned && !exchange.url.searchParams.get('api-version')) {
      throw notFound('Resource not found');
    }
    const answer = answerAt(
      upstream,
      place.deployment === null ? exchange : atDeployment(exchange, place.deployment),
      place.path,
    );
    if (answer !== null) return answer;
  }
  throw notFound(`Invalid URL (${exchange.method} ${exchange.url.pathname})`);
}

interface Place {
  /** What stands behind all that only says whose API it is. */
  readonly path: readonly string[];
  readonly azure: boolean;
  /** Whether the path itself says which version of the API is meant. */
  readonly versioned: boolean;
  readonly deployment: string | null;
}

function placeOf(url: URL): Place | null {
  const parts = url.pathname.split('/').slice(1);
  const azure = parts[0] === 'openai';
  const path = azure ? parts.slice(1) : parts;
  if (path[0] === 'v1') return { path: path.slice(1), azure, versioned: true, deployment: null };
  if (!azure) return null;
  const deployment = path[0] === 'deployments' && path[2] === 'images' ? (path[1] ?? '') : null;
  return { path: deployment === null ? path : path.slice(2), azure, versioned: false, deployment };
}

const DEPLOYED_MODEL = 'gpt-image-2';

/** The deployment says which model it is, whatever the body has: the one it is named for, if it is named for one. */
function atDeployment(exchange: Exchange, deployment: string): Exchange {
  if (!isObject(exchange.body)) return exchange;
  const model = deployment.startsWith('gpt-image-') ? deployment : DEPLOYED_MODEL;
  return { ...exchange, body: { ...exchange.body, model } };
}

/** Null where there is nothing at this path. */
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

/** Any key will do, but there must be one: a client that forgot it should hear of it here, too. */
function requireKey({ headers }: Exchange, azure: boolean): void {
  if (/^Bearer \S/.test(headers.authorization ?? '')) return;
  if (azure && headers['api-key']) return;
  throw new ApiError({
    status: 401,
    message:
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
  });
}
