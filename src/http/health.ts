/** Liveness and readiness, for the supervisor of the server. */
import type { ServerResponse } from 'node:http';

/** Readiness checks by name. Each rejects when its part of the server cannot work. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<void>>>;

const LIVE_PATH = '/health/live';
const READY_PATH = '/health/ready';
export const HEALTH_PATHS: ReadonlySet<string> = new Set([LIVE_PATH, READY_PATH]);

/** Answers one of `HEALTH_PATHS`. */
export async function serveHealth(pathname: string, response: ServerResponse, checks: ReadinessChecks): Promise<void> {
  if (pathname === LIVE_PATH) return answer(response, 200, { status: 'live' });
  const results = await Promise.all(
    Object.entries(checks).map(
      async ([name, check]) =>
        [
          name,
          await check().then(
            () => 'ok',
            () => 'failing',
          ),
        ] as const,
    ),
  );
  const ready = results.every(([, result]) => result === 'ok');
  answer(response, ready ? 200 : 503, { status: ready ? 'ready' : 'unready', checks: Object.fromEntries(results) });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(JSON.stringify(body));
}
