/** The configuration of nginx in docs/proxy.md as it stands, but for its ports and its certificate, in front of a real server. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentedConfiguration, HOST, type ProxyStart, testProxy } from './behind-proxy.ts';

/** Started by root, the workers of nginx would be somebody who may not write into the folder of the test. */
function userOf(): string {
  return process.getuid?.() === 0 ? 'user root;' : '';
}

testProxy({ name: 'nginx', program: 'nginx', host: HOST, refusesLarge: true, start });

async function start({ folder, upstream, port, plainPort }: ProxyStart): Promise<ChildProcess> {
  const documented = await documentedConfiguration('nginx', 'server {');
  const certificate = join(folder, 'certificate.pem');
  const privateKey = join(folder, 'key.pem');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
      ...['-subj', `/CN=${HOST}`, '-keyout', privateKey, '-out', certificate],
    ],
    { stdio: 'ignore' },
  );
  const server = documented
    .replace('listen 80;', `listen 127.0.0.1:${plainPort};`)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace(/ssl_certificate .*;/u, `ssl_certificate ${certificate};`)
    .replace(/ssl_certificate_key .*;/u, `ssl_certificate_key ${privateKey};`)
    .replaceAll('http://127.0.0.1:4000', upstream);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const configuration = join(folder, 'nginx.conf');
  await writeFile(
    configuration,
    `${userOf()} daemon off; pid ${join(folder, 'pid')}; error_log stderr;
    events {}
    http { access_log off; ${paths.join(' ')}
    ${server} }`,
  );
  return spawn('nginx', ['-c', configuration, '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] });
}
