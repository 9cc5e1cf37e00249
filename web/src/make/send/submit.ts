/** Sends what was composed: pressed twice, or answered by nothing, it still makes and costs one call. */
import { useRef, useState } from 'react';
import { useChange } from '../../api/query.ts';
import { announce, messageOf } from '../../app/notices.tsx';
import { type CallStateFragment, GenerateDocument, RefineDocument } from '../../gql/graphql.ts';
import { pictures } from '../words.ts';
import { newKey } from './new-key.ts';
import { type Problem, problemsOf, whole } from './problems.ts';
import type { Request } from './request.ts';

interface Outcome {
  readonly call: CallStateFragment | null;
  readonly problems: readonly Problem[];
}

export interface Submission {
  readonly isSending: boolean;
  /** Of this request: another one may be right. */
  readonly problems: readonly Problem[];
  /** Resolves with the call, or with what is wrong; with nothing while another one is sent. */
  submit(): Promise<Outcome>;
}

export function useSubmit(request: Request): Submission {
  const text = JSON.stringify(request);
  const generate = useChange(GenerateDocument);
  const refine = useChange(RefineDocument);
  const [isSending, setSending] = useState(false);
  const [refused, setRefused] = useState<{ readonly text: string; readonly problems: readonly Problem[] } | null>(null);
  // The key of a request lasts until it is answered: the same request sent again is the same call.
  const unanswered = useRef<{ readonly text: string; readonly key: string } | null>(null);
  const isBusy = useRef(false);

  function currentKey(): string {
    if (unanswered.current?.text !== text) unanswered.current = { text, key: newKey() };
    return unanswered.current.key;
  }

  async function send() {
    const idempotencyKey = currentKey();
    if (request.kind === 'refine') return (await refine({ input: { ...request.input, idempotencyKey } })).refineImage;
    return (await generate({ input: { ...request.input, idempotencyKey } })).generateImage;
  }

  async function attempt(): Promise<Outcome> {
    try {
      const answer = await send();
      unanswered.current = null;
      if ('call' in answer) return { call: answer.call, problems: [] };
      return { call: null, problems: problemsOf(answer) };
    } catch (error) {
      return { call: null, problems: [whole(messageOf(error))] };
    }
  }

  async function submit(): Promise<Outcome> {
    if (isBusy.current) return { call: null, problems: [] };
    isBusy.current = true;
    setSending(true);
    const outcome = await attempt();
    isBusy.current = false;
    setSending(false);
    setRefused({ text, problems: outcome.problems });
    if (outcome.call !== null) announce(`Started: ${pictures(outcome.call.count)}.`);
    return outcome;
  }

  return { isSending, problems: refused?.text === text ? refused.problems : [], submit };
}
