/**
 * What the upstream is told instead of the principal: the same for all calls of one principal, and of no use to anybody
 * without the key of this installation (docs/decisions/2026-11-28-what-may-leak.md).
 * Source: OpenAI's guide on safety identifiers (a hash of the user, at most 128 characters).
 */
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { keepSecret } from './kept-secret.ts';

const KEY_FILE = 'safety-identifier.key';
const CONSEQUENCE = 'the upstream takes every principal for a new one';

/** Null for every principal where the upstream is not told. */
export type SafetyIdentifierOf = (principal: string) => string | null;

/**
 * @param config whose data folder exists
 * @throws {KeptSecretError} with one line for the operator
 */
export function createSafetyIdentifiers({
  dataDir,
  upstream,
}: Pick<Config, 'dataDir' | 'upstream'>): SafetyIdentifierOf {
  if (!upstream.safetyIdentifier) return () => null;
  const key = Buffer.from(keepSecret(join(dataDir, KEY_FILE), CONSEQUENCE), 'base64');
  return (principal) => createHmac('sha256', key).update(principal).digest('hex');
}
