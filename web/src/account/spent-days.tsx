/** What was spent on each of the last days, as bars. Their heights are amounts: a day on which nothing was spent has none. */
import type { SpendingQuery } from '../gql/graphql.ts';
import { money } from '../make/words.ts';

type Period = SpendingQuery['viewer']['recent'];

const BAR = 6;
const STEP = 8;
const HEIGHT = 44;
/** What was spent is seen, however little. */
const LEAST = 1.5;

export function SpentDays({ period: { days, currency } }: { readonly period: Period }) {
  const most = days.reduce((found, day) => (Number(day.amount) > Number(found.amount) ? day : found));
  if (Number(most.amount) === 0) return null;
  const height = ({ amount }: Period['days'][number]) =>
    Number(amount) === 0 ? 0 : Math.max(LEAST, (Number(amount) / Number(most.amount)) * HEIGHT);
  return (
    <figure className="spent-days">
      <svg
        viewBox={`0 0 ${days.length * STEP - (STEP - BAR)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Spent in the last ${days.length} days, the most on ${dayIn(most.date)}: ${money(most.amount, currency)}`}
      >
        {days.map((day, index) => (
          <rect
            key={day.date}
            className={index === days.length - 1 ? 'today' : undefined}
            x={index * STEP}
            y={HEIGHT - height(day)}
            width={BAR}
            height={height(day)}
          >
            <title>{`${dayIn(day.date)}: ${money(day.amount, currency)}`}</title>
          </rect>
        ))}
      </svg>
      <figcaption className="muted">
        <span>{dayIn(days[0]?.date ?? most.date)}</span>
        <span>at most {money(most.amount, currency)} a day</span>
        <span>today</span>
      </figcaption>
    </figure>
  );
}

/** A day of the calendar is the same day everywhere. */
function dayIn(date: string): string {
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(date));
}
