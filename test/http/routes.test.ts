/** A route is closed unless it says otherwise. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { type Authenticate, UnauthenticatedError, unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import { createRefuse } from '../../src/http/refuse.ts';
import { createRefuseCredentials } from '../../src/http/refuse-credentials.ts';
import { createRouter, type Route } from '../../src/http/routes.ts';
import { listen } from '../../src/http/server.ts';

const authenticate: Authenticate = async ({ headers: { authorization } }) => {
  if (authorization === undefined) throw new UnauthenticatedError('Credentials are required.');
  if (authorization !== 'Bearer right') throw new UnauthenticatedError('“Wrong”.', 'invalid_token');
  return unlimitedPrincipal('anna');
};

/** Answers with the principal. */
const tellWho: Route = { matches: () => true, serve: (_, response, { id }) => void response.end(`"${id}"`) };

async function ask(route: Route, headers: Readonly<Record<string, string>> = {}) {
  const answer = createRouter([route], authenticate);
  const refuse = createRefuseCredentials(createRefuse(() => true));
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => refuse(response, error));
  });
  const response = await fetch(await listen(server, '127.0.0.1', 0), { headers });
  const body = await response.text();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  return { status: response.status, challenge: response.headers.get('www-authenticate'), body };
}

const RIGHT = { authorization: 'Bearer right' };
const WRONG = { authorization: 'Bearer wrong' };

it('a route that says nothing about access requires credentials', async () => {
  expect(await ask(tellWho)).toEqual({
    status: 401,
    challenge: 'Bearer realm="darkroom"',
    body: '{"errors":[{"message":"Credentials are required.","extensions":{"code":"UNAUTHENTICATED"}}]}',
  });
  expect(await ask(tellWho, WRONG)).toMatchObject({
    status: 401,
    challenge: `Bearer realm="darkroom", error="invalid_token", error_description="'Wrong'."`,
  });
  expect(await ask(tellWho, RIGHT)).toMatchObject({ status: 200, body: '"anna"' });
});

it('a route with optional credentials serves clients without, and refuses wrong ones', async () => {
  const route: Route = { ...tellWho, access: 'optional' };
  expect(await ask(route)).toMatchObject({ status: 200, body: '""' });
  expect(await ask(route, RIGHT)).toMatchObject({ status: 200, body: '"anna"' });
  expect(await ask(route, WRONG)).toMatchObject({ status: 401 });
});

it('a route for anyone looks at no credentials', async () => {
  expect(await ask({ ...tellWho, access: 'anyone' }, WRONG)).toMatchObject({ status: 200, body: '""' });
});

it('a page of another origin can read why it was refused', async () => {
  const answer = createRouter([tellWho], authenticate);
  const refuse = createRefuseCredentials(createRefuse(() => true));
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => refuse(response, error));
  });
  const { headers } = await fetch(await listen(server, '127.0.0.1', 0), { headers: { origin: 'https://app.example' } });
  server.close();
  server.closeAllConnections();
  expect(headers.get('access-control-allow-origin')).toBe('https://app.example');
  expect(headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
  expect(headers.get('vary')).toBe('Origin');
});
