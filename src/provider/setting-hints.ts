/** Which variable of this server avoids a refusal: the operator reads it in the failure, and in the log. */
import type { ProviderErrorKind } from './provider-error.ts';

const BY_KIND: Partial<Record<ProviderErrorKind, string>> = {
  CONTEXT_REFUSED: 'UPSTREAM_STORE=off',
  STORE_REFUSED: 'UPSTREAM_STORE=off',
  BACKGROUND_REFUSED: 'UPSTREAM_BACKGROUND=off',
  FILE_LOST: 'UPSTREAM_FILES=off',
  API_REFUSED: 'UPSTREAM_API=responses',
};

const BY_PARAMETER: Readonly<Record<string, string>> = {
  store: 'UPSTREAM_STORE=on',
  safety_identifier: 'UPSTREAM_SAFETY_IDENTIFIER=off',
  tools: 'UPSTREAM_API=images',
};

/** @param parameter the refused one by its name alone. @returns null when no variable helps */
export function settingAgainst(kind: ProviderErrorKind | null, parameter: string | null): string | null {
  return BY_KIND[kind ?? 'ENDED'] ?? (parameter === null ? undefined : BY_PARAMETER[parameter]) ?? null;
}

/** A sentence for the end of a failure's message; empty when no variable helps. */
export function settingHint(setting: string | null): string {
  return setting === null ? '' : ` The operator of this server can set ${setting}.`;
}
