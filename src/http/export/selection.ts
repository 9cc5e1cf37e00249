/** What an export is asked for, in the path and the query of its URL. */

export const MAX_EXPORTED_IDS = 100;

/** What is exported, by the ids of the API. */
export type ExportSelection =
  | { readonly type: 'Conversation'; readonly id: string }
  | { readonly type: 'Images'; readonly ids: readonly string[] };

/** The selection has more than one export can have. The message is shown to the client. */
export class ExportTooLargeError extends Error {
  override readonly name = 'ExportTooLargeError';
}

/** What is to be exported is in the trash. The message is shown to the client. */
export class ExportInTrashError extends Error {
  override readonly name = 'ExportInTrashError';

  constructor() {
    super('This conversation is in the trash. Restore it to export it.');
  }
}

const CONVERSATION_PATH = /^\/export\/conversations\/([^/]{1,200})\.zip$/u;

/** Null when the path or its ids cannot be any. @throws {ExportTooLargeError} */
export function selectionOf(pathname: string, url: string): ExportSelection | null {
  const [, conversation] = CONVERSATION_PATH.exec(pathname) ?? [];
  if (conversation !== undefined) {
    const id = decoded(conversation);
    return id === null ? null : { type: 'Conversation', id };
  }
  if (pathname !== '/export/images.zip') return null;
  const ids = [...new Set(new URLSearchParams(url.slice(pathname.length + 1)).getAll('id'))];
  if (ids.length > MAX_EXPORTED_IDS) {
    const given = `these are ${ids.length}`;
    throw new ExportTooLargeError(`An export of a selection has at most ${MAX_EXPORTED_IDS} ids; ${given}.`);
  }
  return ids.length === 0 ? null : { type: 'Images', ids };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
