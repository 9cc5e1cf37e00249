/** The conversation of the view that is shown, which the composer goes on with. */

/** Of a path of the router; null for other views. */
export function conversationOf(path: string): string | null {
  return /^\/c\/([^/]+)$/.exec(path)?.[1] ?? null;
}

export function pathShown(): string {
  const path = location.hash.replace(/^#/, '').split('?')[0];
  return path ? path : '/';
}

export function conversationShown(): string | null {
  return conversationOf(pathShown());
}
