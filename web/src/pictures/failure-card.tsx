/** A picture that was not made: why, and what to do next. */
import type { CallStateFragment, FailureWordsFragment } from '../gql/graphql.ts';
import { changeDraft, focusPrompt } from '../make/prompt/draft.ts';
import { dismiss, useCallChanges } from './call-changes.ts';
import { failedIndexes, isActive } from './developing-state.ts';
import { failureText } from './failure-words.ts';

export interface FailureCardProps {
  readonly call: CallStateFragment;
  readonly failure: FailureWordsFragment;
  readonly isDismissible: boolean;
}

export function FailureCard({ call, failure, isDismissible }: FailureCardProps) {
  const { title, advice } = failureText(failure);
  const { retry } = useCallChanges();
  const missing = failedIndexes(call).length;
  // While others are on their way, each tile speaks for itself.
  const isOfSeveral = call.count > 1 && !isActive(call);
  return (
    <div className="failure">
      <h3>{isOfSeveral ? missingWords(missing, call.count) : title}</h3>
      <p>
        {isOfSeveral ? `${title} ` : ''}
        {advice}
      </p>
      <details>
        <summary>Prompt and details</summary>
        <p dir="auto">{call.prompt}</p>
        <p className="muted">{failure.message}</p>
      </details>
      {!isActive(call) && (
        <div className="failure-actions">
          {/* What cannot succeed unchanged is not offered, except where nobody knows whether it did. */}
          {(failure.retryable || failure.code === 'OUTCOME_UNKNOWN') && call.retries.length === 0 && (
            <button type="button" onClick={() => retry(call.id)}>
              {call.count > 1 ? 'Make what is missing' : 'Try again'}
            </button>
          )}
          <button
            type="button"
            onClick={() => {
              changeDraft({ prompt: call.prompt });
              focusPrompt();
            }}
          >
            Change the prompt
          </button>
        </div>
      )}
      {isDismissible && !isActive(call) && (
        <button type="button" className="quiet failure-dismiss" aria-label="Dismiss" onClick={() => dismiss(call.id)}>
          ×
        </button>
      )}
    </div>
  );
}

function missingWords(missing: number, count: number): string {
  if (missing === count) return `None of the ${count} pictures was made.`;
  return missing === 1
    ? `One of the ${count} pictures is missing.`
    : `${missing} of the ${count} pictures are missing.`;
}
