/** Programs of the machine that tests need. Without one its tests are skipped with a warning; with CI=true they fail. */
import { execFileSync } from 'node:child_process';

/** Whether the tests of a program are to be skipped, which is said. @throws {Error} when it is absent and CI is true */
export function isAbsent(program: string): boolean {
  try {
    execFileSync('bash', ['-c', 'command -v "$0"', program], { stdio: 'ignore' });
    return false;
  } catch {
    if (process.env['CI'] === 'true') throw new Error(`${program} is not installed.`);
    console.warn(`${program} is not installed: what needs it is not tested.`);
    return true;
  }
}
