/** The books of a data folder, added up again from the calls and their cost lines. */
import { openDatabase } from '../api/steps.ts';

export interface Books {
  /** Calls that have no reservation, whose reservation is open although they ended, or closed although they did not. */
  readonly wrong: readonly string[];
  /** Ended calls that do not count for what they cost. */
  readonly unequal: readonly string[];
  /** Running sums that are not those of the reservations, or of the cost lines. */
  readonly drifted: readonly string[];
  readonly openCalls: number;
  /** What all calls have cost, in picodollars. */
  readonly cost: bigint;
  /** The largest cost of one call. */
  readonly largest: bigint;
}

const WRONG = `select calls.id from calls left join reservations on reservations.call_id = calls.id
  where reservations.call_id is null or is_open <> (status in ('QUEUED', 'IN_PROGRESS'))`;
const COSTS = `select calls.id, completed_at is not null as ended, coalesce(reservations.cost, -1) as counted,
  (select coalesce(sum(amount), 0) from cost_lines where call_id = calls.id) as cost
  from calls left join reservations on reservations.call_id = calls.id`;
const SUBJECTS = `select call_id, 'principal:' || principal as subject from reservations
  union all select call_id, credential from reservations where credential like 'key:%'`;
/** Each sum as it is stored, less what the reservations and the cost lines add up to. */
const DRIFT = `with subjects as (${SUBJECTS}), parts as (
    select subject, substr(at, 1, length) as period, cost, iif(is_open, max(reserved - cost, 0), 0) as held,
      (select coalesce(sum(amount), 0) from cost_lines where cost_lines.call_id = reservations.call_id) as charged,
      exists (select 1 from cost_lines where cost_lines.call_id = reservations.call_id) as calls
    from reservations join subjects using (call_id) join (select 7 as length union all select 10)
    union all select subject, period, -spent, -reserved, -charged, -charged_calls from spending
  ) select subject || ' ' || period from parts group by subject, period
    having sum(cost) <> 0 or sum(held) <> 0 or sum(charged) <> 0 or sum(calls) <> 0`;

export function readBooks(dataDir: string): Books {
  using database = openDatabase(dataDir);
  database.defaultSafeIntegers();
  // One moment: the server may write meanwhile.
  return database.transaction(() => {
    const calls = database.prepare<[], { id: string; ended: bigint; counted: bigint; cost: bigint }>(COSTS).all();
    const costs = calls.map(({ cost }) => cost);
    return {
      wrong: database.prepare<[], string>(WRONG).pluck().all(),
      unequal: calls.filter(({ ended, counted, cost }) => ended === 1n && counted !== cost).map(({ id }) => id),
      drifted: database.prepare<[], string>(DRIFT).pluck().all(),
      openCalls: calls.filter(({ ended }) => ended === 0n).length,
      cost: costs.reduce((sum, cost) => sum + cost, 0n),
      largest: costs.reduce((most, cost) => (cost > most ? cost : most), 0n),
    };
  })();
}

export const BALANCED = { wrong: [], unequal: [], drifted: [] };
