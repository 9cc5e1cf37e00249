/** The Caddyfiles in docs/proxy.md as they stand, but for their ports, in front of a real server. Certificates are Caddy's own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentedConfiguration, HOST, type ProxyStart, testProxy } from './behind-proxy.ts';

testProxy({
  name: 'Caddy',
  program: 'caddy',
  host: HOST,
  refusesLarge: false,
  // As `tls internal` for every site: nobody is asked for a certificate.
  start: (options) => startCaddy(options, HOST, 'local_certs'),
});

testProxy({
  name: 'Caddy on one machine',
  program: 'caddy',
  host: 'localhost:8443',
  refusesLarge: false,
  start: (options) => startCaddy(options, 'localhost:8443', ''),
});

async function startCaddy(
  { folder, upstream, port, plainPort }: ProxyStart,
  site: string,
  more: string,
): Promise<ChildProcess> {
  const documented = await documentedConfiguration('caddyfile', site);
  const configuration = join(folder, 'Caddyfile');
  // No certificate is installed on this machine.
  await writeFile(
    configuration,
    `{
      admin off
      default_bind 127.0.0.1
      http_port ${plainPort}
      https_port ${port}
      skip_install_trust
      storage file_system ${join(folder, 'storage')}
      ${more}
    }
    ${documented.replace('127.0.0.1:4000', new URL(upstream).host).replace(':8443', `:${port}`)}`,
  );
  return spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', configuration], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder },
  });
}
