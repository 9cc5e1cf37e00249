/**
 * The URLs of exports. With authentication they are signed, because a link in a page cannot send credentials: a URL exports
 * what its creator may read, for an hour, for everybody who has it.
 */
import type { Principal } from '../../auth/authenticate.ts';
import type { Restriction } from '../../domain/access/restriction.ts';
import { createSigner } from '../../lib/signer.ts';
import type { ExportSelection } from './selection.ts';

/** What decides what an export has. */
export type ExportIdentity = Pick<Principal, 'id' | 'only' | 'scopes'>;

export interface ExportUrls {
  /** @param origin without a trailing slash */
  urlFor(origin: string, identity: ExportIdentity, selection: ExportSelection): string;
  /**
   * What the signature in the query of this URL gives access to; null when the URL has none.
   * @param ownerOf the principal of what is exported, or null
   * @throws {ExportUrlRefusedError} when it is wrong or has expired
   */
  identityOf(
    url: string,
    selection: ExportSelection,
    ownerOf: (selection: ExportSelection) => Promise<string | null>,
  ): Promise<ExportIdentity | null>;
}

/** The message is shown to the client. */
export class ExportUrlRefusedError extends Error {
  override readonly name = 'ExportUrlRefusedError';

  constructor(problem: string) {
    super(`${problem} Query it again to get a new one.`);
  }
}

const TTL_SECONDS = 3600;
const SIGNATURE_BYTES = 16;

export function pathOfExport(selection: ExportSelection): string {
  if (selection.type === 'Conversation') return `/export/conversations/${encodeURIComponent(selection.id)}.zip`;
  return `/export/images.zip?${new URLSearchParams(selection.ids.map((id) => ['id', id]))}`;
}

/** Without authentication nothing is signed. */
export const UNSIGNED_EXPORT_URLS: ExportUrls = {
  urlFor: (origin, _, selection) => origin + pathOfExport(selection),
  identityOf: async () => null,
};

/** @param options.keys the first one signs, and all verify */
export function createSignedExportUrls(options: {
  readonly keys: readonly Buffer[];
  readonly nowMs: () => number;
}): ExportUrls {
  const { keys, nowMs } = options;
  const signer = createSigner(keys, SIGNATURE_BYTES);
  return {
    urlFor(origin, { id, only, scopes }, selection) {
      const url = new URL(origin + pathOfExport(selection));
      const grant = {
        exp: String(Math.ceil(nowMs() / 1000) + TTL_SECONDS),
        cost: scopes.has('COST') ? '1' : '0',
        only: only === null ? '' : `${only.type}:${only.id}`,
      };
      for (const [name, value] of Object.entries(grant)) url.searchParams.set(name, value);
      url.searchParams.set('sig', signer.sign(signedText(id, selection, grant)));
      return url.href;
    },

    async identityOf(url, selection, ownerOf) {
      const query = new URLSearchParams(url.slice(url.indexOf('?') + 1));
      const signature = query.get('sig');
      if (!url.includes('?') || signature === null) return null;
      const grant = { exp: query.get('exp') ?? '', cost: query.get('cost') ?? '', only: query.get('only') ?? '' };
      const owner = await ownerOf(selection);
      // Checked for what is not there, too, so that the answer takes as long.
      const isSigned = signer.isSigned(signedText(owner ?? '', selection, grant), signature);
      if (owner === null || !isSigned) throw new ExportUrlRefusedError('This export URL is not valid.');
      if (Number(grant.exp) * 1000 <= nowMs()) throw new ExportUrlRefusedError('This export URL has expired.');
      return {
        id: owner,
        only: restrictionOf(grant.only),
        scopes: new Set(grant.cost === '1' ? (['READ', 'COST'] as const) : (['READ'] as const)),
      };
    },
  };
}

interface Grant {
  /** Seconds since 1970. */
  readonly exp: string;
  readonly cost: string;
  readonly only: string;
}

/** The principal comes last: it is the only part that may contain any character. */
function signedText(principal: string, selection: ExportSelection, { exp, cost, only }: Grant): string {
  return [pathOfExport(selection), exp, cost, only, principal].join('\n');
}

/** It was signed, so this server wrote it: nothing, or a type and an id. */
function restrictionOf(only: string): Restriction | null {
  if (only === '') return null;
  const [type, id = ''] = only.split(':');
  return { type: type === 'Conversation' ? 'Conversation' : 'GenerationCall', id };
}
