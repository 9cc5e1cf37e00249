/** What one operation may ask for. The operator sets these limits, and clients read them from `viewer.limits`. */

export interface OperationLimits {
  /** Words and punctuators of a document, as the parser counts them. */
  readonly maxQueryTokens: number;
  /** Selections of an operation, with its fragments written out. */
  readonly maxQuerySelections: number;
  /** Fields within each other. */
  readonly maxQueryDepth: number;
  /** Points (src/graphql/plugins/documents/operation-cost.ts). */
  readonly maxQueryCost: number;
  /** Root fields of a query. */
  readonly maxRootFields: number;
  /** Root fields of a mutation: each can start ten paid images. */
  readonly maxMutations: number;
  /** The largest image that can be read as a data URI, in bytes. */
  readonly maxDataUriBytes: number;
  /** Data URIs and long texts of one answer together, in bytes. */
  readonly maxAnswerBytes: number;
  /** How long an operation may run before it is given up, in milliseconds. */
  readonly executionTimeoutMs: number;
}

/** Limits that no operator needs to change, because nothing that the API has comes near them. */
export const FIXED_LIMITS = {
  /** UTF-16 units of a document. A prompt with 32,000 characters fits in, whatever they are and however they are escaped. */
  maxQueryCharacters: 262_144,
  maxQueryLines: 2_000,
  maxOperations: 50,
  maxFragments: 200,
  maxAliases: 200,
  maxDirectives: 200,
  /** Selection sets within each other, and lists and objects within each other, as they are written. */
  maxNesting: 50,
  /** Items of any list in the arguments and variables, such as the ids of `nodes`. */
  maxListLength: 100,
  /** Values in the variables together: lists, objects and what is in them. */
  maxVariableValues: 2_000,
  /** Objects that one operation reads, where its cost does not foresee how many there are: `lineage`, for example. */
  maxRows: 20_000,
} as const;

/** The name of a limit, as errors tell it in `extensions.limit`. */
export type LimitName = keyof OperationLimits | keyof typeof FIXED_LIMITS;
