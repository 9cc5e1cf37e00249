/** What a principal's credentials allow. Ownership is a different question: no scope gives access to what others own. */
export const SCOPES = ['READ', 'GENERATE', 'UPLOAD', 'DELETE', 'COST', 'ADMIN'] as const;
export type Scope = (typeof SCOPES)[number];

export const ALL_SCOPES: ReadonlySet<Scope> = new Set(SCOPES);

/** The scope with this name in any letter case; null when there is none. */
export function scopeNamed(name: string): Scope | null {
  return SCOPES.find((scope) => scope === name.toUpperCase()) ?? null;
}
