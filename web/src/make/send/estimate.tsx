/** What the request would cost and how long it would take, asked while it is written. */
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../api/query.ts';
import { EstimateDocument, type EstimateGenerationInput, type EstimateQuery } from '../../gql/graphql.ts';
import { duration, money } from '../words.ts';
import { type Problem, problemsOf } from './problems.ts';

type Answer = EstimateQuery['estimateGeneration'];
type Estimated = Extract<Answer, { readonly __typename: 'EstimateGenerationSuccess' }>['estimate'];

export interface Estimation {
  /** The last one, while the next is on its way; null when there is none. */
  readonly estimate: Estimated | null;
  /** What the server would refuse. */
  readonly problems: readonly Problem[];
}

const PAUSE_MS = 350;
const NONE: readonly Problem[] = [];

export function useEstimate(input: EstimateGenerationInput, isAllowed: boolean): Estimation {
  const asked = useSettled(input);
  const [{ data }] = useApi(
    EstimateDocument,
    { input: asked },
    { pause: !isAllowed, requestPolicy: 'cache-and-network' },
  );
  const last = useRef<Answer | null>(null);
  if (data !== undefined) last.current = data.estimateGeneration;
  const answer = isAllowed ? last.current : null;
  if (answer === null) return { estimate: null, problems: NONE };
  if (answer.__typename === 'EstimateGenerationSuccess') return { estimate: answer.estimate, problems: NONE };
  return { estimate: null, problems: answer.__typename === 'ForbiddenError' ? NONE : problemsOf(answer) };
}

/** The input after a pause in typing. */
function useSettled(input: EstimateGenerationInput): EstimateGenerationInput {
  const text = JSON.stringify(input);
  const [settled, setSettled] = useState({ text, input });
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ text, input: JSON.parse(text) }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled.input;
}

export function EstimateWords({ estimate, isFree }: { readonly estimate: Estimated | null; readonly isFree: boolean }) {
  if (estimate === null) return <span className="estimate" />;
  const { cost, lowestAmount } = estimate;
  const lowest = lowestAmount === cost.amount ? '' : `${money(lowestAmount, cost.currency)}–`;
  const price = `${cost.complete ? '' : 'over '}${lowest}${money(cost.amount, cost.currency)}`;
  const { typicalMs, slowMs, basis } = estimate.duration;
  const source = basis === 'MEASURED' ? 'as your last pictures took' : 'a rough figure';
  const details = `${isFree ? 'What OpenAI would charge: the simulator is free. ' : ''}Rarely longer than ${duration(slowMs)}, ${source}.`;
  return (
    <span className="estimate" title={details}>
      <span className="visually-hidden">Estimate: </span>
      <span>{price}</span> <span>{duration(typicalMs)}</span>
    </span>
  );
}
