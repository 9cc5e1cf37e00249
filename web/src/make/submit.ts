/** Sends what was composed: pressed twice, or answered by nothing, it still makes and costs one call. */
import { useRef, useState } from 'react';
import { useChange } from '../api/query.ts';
import { announce } from '../app/notices.tsx';
import { type CallStateFragment, GenerateDocument, RefineDocument } from '../gql/graphql.ts';
import { newKey } from './new-key.ts';
import { type Problem, problemsOf, whole } from './problems.ts';
import type { Request } from './request.ts';
import { pictures } from './words.ts';

interface Outcome {
  readonly call: CallStateFragment | null;
  readonly problems: readonly Problem[];
}

export interface Submission {
  readonly isSending: boolean;
  readonly problems: readonly Problem[];
  /** Resolves with the call, or with what is wrong; with nothing while another one is sent. */
  submit(request: Request): Promise<Outcome>;
  forget(): void;
}

export function useSubmit(): Submission {
  const generate = useChange(GenerateDocument);
  const change = useChange(RefineDocument);
  const [isSending, setSending] = useState(false);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  // The key of a request lasts until it is answered: the same request sent again is the same call.
  const unanswered = useRef<{ readonly request: string; readonly key: string } | null>(null);
  const isBusy = useRef(false);

  function keyOf(request: Request): string {
    const text = JSON.stringify(request);
    if (unanswered.current?.request !== text) unanswered.current = { request: text, key: newKey() };
    return unanswered.current.key;
  }

  async function send(request: Request) {
    const idempotencyKey = keyOf(request);
    if (request.kind === 'refine') return (await change({ input: { ...request.input, idempotencyKey } })).refineImage;
    return (await generate({ input: { ...request.input, idempotencyKey } })).generateImage;
  }

  async function attempt(request: Request): Promise<Outcome> {
    try {
      const answer = await send(request);
      unanswered.current = null;
      if ('call' in answer) return { call: answer.call, problems: [] };
      return { call: null, problems: problemsOf(answer) };
    } catch (error) {
      return { call: null, problems: [whole(error instanceof Error ? error.message : String(error))] };
    }
  }

  async function submit(request: Request): Promise<Outcome> {
    if (isBusy.current) return { call: null, problems: [] };
    isBusy.current = true;
    setSending(true);
    const outcome = await attempt(request);
    isBusy.current = false;
    setSending(false);
    setProblems(outcome.problems);
    if (outcome.call !== null) announce(`Started: ${pictures(outcome.call.count)}.`);
    return outcome;
  }

  return { isSending, problems, submit, forget: () => setProblems([]) };
}
