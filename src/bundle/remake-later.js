/** Makes the bundle again in a process of its own, when the server that found it out of date has long started. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Long after the first requests of who has just started a server. */
const AFTER_MS = 5_000;

/**
 * The process says nothing, and outlives this one. Where it fails, because a package for development is missing or the folder
 * cannot be written, the next start is from the sources, too.
 * @param {string} root the folder of package.json
 */
export function remakeLater(root) {
  const make = () => {
    const file = join(root, 'src/bundle/build.ts');
    spawn(process.execPath, [file, '--in-background'], { cwd: root, stdio: 'ignore', detached: true })
      .on('error', () => undefined)
      .unref();
  };
  setTimeout(make, AFTER_MS).unref();
}
