/** What was spent, and what the budgets leave. Asked for again whenever the panel is opened, and when a call has ended. */
import { useState } from 'react';
import { useApi } from '../api/query.ts';
import { usePlace } from '../app/router.ts';
import { ConversationCostDocument, SpendingDocument, type SpendingQuery } from '../gql/graphql.ts';
import { money } from '../make/words.ts';
import { SpentDays } from './spent-days.tsx';

type Budget = SpendingQuery['viewer']['budgets'][number];
type Cost = SpendingQuery['viewer']['cost'];

const DAYS_SHOWN = 30;

const NOW = { requestPolicy: 'cache-and-network' } as const;

/** @param isFree whether the amounts are only what another service would charge */
export function Spending({ isFree }: { readonly isFree: boolean }) {
  const [from] = useState(() => daysAgo(DAYS_SHOWN - 1));
  const [{ data }] = useApi(SpendingDocument, { from }, NOW);
  const conversationId = /^\/c\/([^/]+)/.exec(usePlace().path)?.[1];
  if (data === undefined) return <p className="muted">…</p>;
  const { cost, budgets, month, recent } = data.viewer;
  const today = { ...NOTHING, ...recent.days.at(-1), currency: recent.currency };
  const hasNoBudget = (period: Budget['period']) =>
    budgets.every((budget) => budget.subject !== 'PRINCIPAL' || budget.period !== period);
  return (
    <section aria-label="Costs" className="spending">
      {budgets.map((budget) => (
        <BudgetMeter key={`${budget.subject} ${budget.period}`} budget={budget} />
      ))}
      <SpentDays period={recent} />
      <dl>
        {hasNoBudget('DAY') && <Amount name={PERIODS.DAY} cost={today} />}
        {hasNoBudget('MONTH') && <Amount name={PERIODS.MONTH} cost={month} />}
        {conversationId !== undefined && <ConversationCost id={conversationId} />}
        <Amount name="All pictures so far" cost={cost} />
      </dl>
      {isFree && <p className="muted">Nothing is charged: this is what OpenAI would ask for.</p>}
    </section>
  );
}

const NOTHING = { amount: '0', complete: true };

/** The day in UTC, as the server counts them. */
function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

function ConversationCost({ id }: { readonly id: string }) {
  const [{ data }] = useApi(ConversationCostDocument, { id }, NOW);
  return data?.conversation ? <Amount name="This conversation" cost={data.conversation.cost} /> : null;
}

function Amount({ name, cost: { amount, currency, complete } }: { readonly name: string; readonly cost: Cost }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {complete ? '' : 'at least '}
        {money(amount, currency)}
      </dd>
    </div>
  );
}

const PERIODS = { DAY: 'Today', MONTH: 'This month' } as const;
/** The end of a day is told by its time, which is midnight in UTC alone. */
const RESETS = { DAY: { timeStyle: 'short' }, MONTH: { dateStyle: 'medium' } } as const;

function BudgetMeter({ budget }: { readonly budget: Budget }) {
  const { subject, period, limit, spent, reserved, remaining, currency, resetsAt, onExceed } = budget;
  const name = `${PERIODS[period]}${subject === 'KEY' ? ', with this key' : ''}`;
  const used = Number(spent) + Number(reserved);
  const resets = new Intl.DateTimeFormat(undefined, RESETS[period]).format(new Date(resetsAt));
  return (
    <div className="budget">
      <p>
        <span>{name}</span>
        <span>
          {money(spent, currency)} <span className="muted">of {money(limit, currency)}</span>
        </span>
      </p>
      <meter
        aria-label={`${name}: spent or reserved`}
        min={0}
        max={Number(limit)}
        high={Number(limit) * 0.9}
        value={used}
      />
      <p className="muted">
        {Number(remaining) > 0 ? `${money(remaining, currency)} left until ${resets}` : `Used up until ${resets}`}
        {onExceed === 'ASK' && '. What exceeds it waits for approval.'}
      </p>
    </div>
  );
}
