/** The last prompts, to take one again. */
import { forgetPrompts, useRecentPrompts } from './recent-prompts.ts';

export interface RecentPanelProps {
  readonly viewerId: string | null;
  readonly onTake: (prompt: string) => void;
}

export function RecentPanel({ viewerId, onTake }: RecentPanelProps) {
  const prompts = useRecentPrompts(viewerId);
  if (viewerId === null || prompts.length === 0)
    return <p className="muted">Your prompts will be kept here, in this browser.</p>;
  return (
    <>
      <ul className="recent">
        {prompts.map((prompt) => (
          <li key={prompt}>
            <button type="button" className="quiet" dir="auto" onClick={() => onTake(prompt)}>
              {prompt}
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="quiet muted" onClick={() => forgetPrompts(viewerId)}>
        Forget them all
      </button>
    </>
  );
}
