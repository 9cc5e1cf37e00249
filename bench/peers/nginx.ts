/** The peer for image bytes: Debian's nginx, which serves one file with `sendfile`. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess, pidOf } from '../harness/child.ts';
import { newFolder } from '../harness/folders.ts';
import { childrenOf } from '../harness/process-facts.ts';
import { freePort, untilListening } from '../harness/reach.ts';
import { SkippedError } from '../harness/row.ts';

const NGINX = '/usr/sbin/nginx';

export interface Nginx extends AsyncDisposable {
  /** The URL of the file. */
  readonly url: string;
  /** The process id of the worker, which serves all requests. */
  readonly pid: number;
}

/** @throws {SkippedError} when nginx is not installed */
export function requireNginx(): void {
  if (!existsSync(NGINX)) {
    throw new SkippedError(`nginx is not installed (${NGINX}). Do so with: apt-get install nginx-light`);
  }
}

/** Serves this file. */
export async function startNginx(file: string): Promise<Nginx> {
  await using opened = new AsyncDisposableStack();
  const folder = await newFolder();
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  await mkdir(join(folder, 'temporary'));
  await writeFile(config, configOf(folder, port, file));
  // Messages before the configuration is read would go to a system file.
  const child = spawn(NGINX, ['-e', 'stderr', '-c', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  opened.defer(() => endProcess(child));
  const url = `http://127.0.0.1:${port}/picture.png`;
  await untilListening(child, port);
  const { status } = await fetch(url, { method: 'HEAD' });
  const [pid] = childrenOf(pidOf(child));
  if (status !== 200 || pid === undefined) throw new Error(`nginx answers ${status}`);
  const everything = opened.move();
  return { url, pid, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

/** Debian's settings for files, with one worker (we have one process) and without an access log (we have none). */
function configOf(folder: string, port: number, file: string): string {
  const temporary = join(folder, 'temporary');
  return `
# The worker would be another user than the one who owns the file.
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 768; }
http {
  sendfile on;
  tcp_nopush on;
  access_log off;
  client_body_temp_path ${temporary}/body;
  proxy_temp_path ${temporary}/proxy;
  fastcgi_temp_path ${temporary}/fastcgi;
  uwsgi_temp_path ${temporary}/uwsgi;
  scgi_temp_path ${temporary}/scgi;
  server {
    listen 127.0.0.1:${port};
    location = /picture.png {
      default_type image/png;
      alias ${file};
    }
  }
}
`;
}
