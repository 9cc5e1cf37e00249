/** The keys that sign image URLs and client tokens: from the configuration, or kept in the data directory. */
import { resolve } from 'node:path';
import { keepSigningSecret } from '../../auth/drivers/file/signing-secret.ts';
import { createSigningKeys, type SigningKeys } from '../../auth/signing-keys.ts';
import type { Config } from '../../config/config.ts';
import { storageIn } from '../storage.ts';

/**
 * The data directory must exist.
 * @throws {SigningSecretError} with one line for the operator
 */
export function openSigningKeys({ signing, dataDir }: Pick<Config, 'signing' | 'dataDir'>): SigningKeys {
  return createSigningKeys(signing.secrets ?? [keepSigningSecret(storageIn(resolve(dataDir)).signingSecret)]);
}
