/** What was charged and may be spent, and who may. */
/** Costs. The lines of a request are replaced together, never changed. */
export interface CostLinesTable {
  call_id: string;
  attempt: number;
  task: number;
  /** The index within the request, from 0. */
  line: number;
  principal: string;
  conversation_id: string;
  basis: string;
  /** False when the tokens are a lower bound: more may have been used. */
  is_counted: boolean;
  kind: string;
  model: string | null;
  tokens: number;
  /** US dollars per million tokens, decimal. */
  price: string | null;
  /** Picodollars (1e-12 USD): whole numbers, which the database sums exactly. */
  amount: number | bigint | null;
}

/**
 * The sums of the cost lines of calls that were deleted for good. An unknown model or price is empty text, because the
 * columns are a key.
 */
export interface PurgedCostsTable {
  principal: string;
  basis: string;
  is_counted: boolean;
  kind: string;
  model: string;
  price: string;
  tokens: number | bigint;
  /** Picodollars, as in cost lines. */
  amount: number | bigint | null;
}

/** The budgets that an operator has set. Amounts here and below are picodollars, like those of cost lines. */
export interface BudgetsTable {
  /** `principal:<id>` or `key:<id>`. */
  subject: string;
  period: string;
  amount: number | bigint;
  on_exceed: string;
  updated_at: string;
}

/** What each call counts for in budgets. */
export interface ReservationsTable {
  call_id: string;
  principal: string;
  /** The credentials that were used; only `key:<id>` has budgets of its own. */
  credential: string | null;
  /** The call counts in the periods of this time. */
  at: string;
  reserved: number | bigint;
  /** The sum of its cost lines; what was reserved where their sum is not complete. */
  cost: number | bigint;
  /** Whether the call holds its reservation: it was accepted or approved, and has not ended. */
  is_open: boolean;
  /** The sum of its cost lines, as far as their prices are known. */
  charged: number | bigint;
  /** 1 when the call has cost lines, and 0 otherwise, as the next two. */
  charged_calls: number;
  /** 1 when any of them is an estimate. */
  estimated_calls: number;
  /** 1 when it may have cost more than `charged`. */
  incomplete_calls: number;
}

/** The sums of the reservations by subject and period. */
export interface SpendingTable {
  subject: string;
  /** `2026-11-28` for a day, `2026-11` for a month, in UTC. */
  period: string;
  spent: number | bigint;
  reserved: number | bigint;
  /** What was charged for certain; `spent` also has what is reserved where a price is not known. */
  charged: number | bigint;
  charged_calls: number;
  estimated_calls: number;
  incomplete_calls: number;
}

/** API keys. The secret itself is not stored. */
export interface ApiKeysTable {
  id: string;
  principal: string;
  name: string | null;
  /** JSON of Scope[]. */
  scopes: string;
  /** SHA-256 of the secret, in hex. */
  secret_hash: string;
  /** The same of the secret before the last rotation, which works until `previous_secret_ends_at`. */
  previous_secret_hash: string | null;
  previous_secret_ends_at: string | null;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  /** Written every few minutes while the key is in use. */
  last_used_at: string | null;
  /** When the key was created, rotated or revoked, whichever came last. */
  changed_at: string;
}
