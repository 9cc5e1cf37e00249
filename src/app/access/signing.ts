/**
 * The keys that sign image URLs and client tokens: from the configuration, or kept in the data directory, in a file that is no
 * part of a backup (docs/decisions/2026-11-28-signed-image-urls.md).
 */
import { resolve } from 'node:path';
import { createSigningKeys, type SigningKeys } from '../../auth/signing-keys.ts';
import type { Config } from '../../config/config.ts';
import { keepSecret } from '../kept-secret.ts';
import { storageIn } from '../storage.ts';

const CONSEQUENCE = 'image URLs and client tokens that were handed out end';

/**
 * The data directory must exist.
 * @throws {KeptSecretError} with one line for the operator
 */
export function openSigningKeys({ signing, dataDir }: Pick<Config, 'signing' | 'dataDir'>): SigningKeys {
  const { signingSecret } = storageIn(resolve(dataDir));
  return createSigningKeys(signing.secrets ?? [keepSecret(signingSecret, CONSEQUENCE)]);
}
