/** The composer, docked at the bottom of the views: what to make, of what, how, and what it would cost. */
import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useApi } from '../api/query.ts';
import { go, usePlace } from '../app/router.ts';
import { MakerDocument } from '../gql/graphql.ts';
import { ComposerBar, type PanelName } from './composer-bar.tsx';
import { changeDraft, currentDraft, focusPrompt, useDraft } from './draft.ts';
import { useEstimate } from './estimate.tsx';
import { modelOf, type Situation, supported } from './limits.ts';
import { OptionsPanel } from './options-panel.tsx';
import { ProblemList } from './problem-list.tsx';
import { type Problem, problemsAt, whole } from './problems.ts';
import { PromptBox } from './prompt-box.tsx';
import { RecentPanel } from './recent-panel.tsx';
import { rememberPrompt, useRecentPrompts } from './recent-prompts.ts';
import { estimateOf, type Request, requestOf } from './request.ts';
import { clearSources, overlay, refining, sources } from './sources.ts';
import { useSubmit } from './submit.ts';
import './composer.css';
import './options.css';

const PROBLEM_ID = 'prompt-problem';

export function Composer() {
  const [{ data }] = useApi(MakerDocument, {});
  // Until it is known, the composer is there: most may use it.
  if (data && !data.viewer.scopes.includes('GENERATE')) return null;
  return <Dock viewer={data?.viewer ?? null} models={data?.models ?? []} />;
}

interface DockProps {
  readonly viewer: {
    readonly id: string;
    readonly scopes: readonly string[];
    readonly upstream: { readonly kind: string };
  } | null;
  readonly models: Situation['models'];
}

function Dock({ viewer, models }: DockProps) {
  const draft = useDraft();
  const { situation, sent, request } = useComposition(models);
  const submission = useSubmit();
  const [notYet, setNotYet] = useState<readonly Problem[]>([]);
  const [panel, setPanel] = useState<PanelName | null>(null);
  const estimation = useEstimate(estimateOf(request), viewer?.scopes.includes('COST') === true);
  const problems = distinct([...notYet, ...submission.problems, ...estimation.problems]);
  const recent = useRecentPrompts(viewer?.id ?? null);
  const promptProblems = problemsAt(problems, 'prompt');

  function write(prompt: string) {
    changeDraft({ prompt });
    setNotYet([]);
    submission.forget();
  }

  function take(prompt: string) {
    write(prompt);
    setPanel(null);
    focusPrompt();
  }

  async function send() {
    const missing = whatIsMissing();
    setNotYet(missing);
    if (missing.length > 0) return focusPrompt();
    const call = await submission.submit(request);
    if (call === null) return;
    setPanel(null);
    if (viewer) rememberPrompt(viewer.id, request.input.prompt);
    // What was written meanwhile stays.
    if (currentDraft().prompt.trim() === request.input.prompt) changeDraft({ prompt: '' });
    clearSources();
    showWhereItDevelops(request, call.conversation.id);
  }

  return (
    <DockFrame onSubmit={() => void send()} onClose={() => setPanel(null)}>
      {panel === 'options' && (
        <Panel name="options" label="Options">
          <OptionsPanel situation={situation} sent={sent} problems={problems} />
        </Panel>
      )}
      {panel === 'recent' && (
        <Panel name="recent" label="Recent prompts">
          <RecentPanel viewerId={viewer?.id ?? null} onTake={take} />
        </Panel>
      )}
      <PromptBox
        prompt={draft.prompt}
        placeholder={usePlaceholder()}
        problemId={promptProblems.length > 0 ? PROBLEM_ID : null}
        onChange={write}
        onSend={() => void send()}
        onRecall={() => recent[0] !== undefined && write(recent[0])}
      />
      <ProblemList id={PROBLEM_ID} problems={promptProblems} />
      <ProblemList problems={problems.filter((problem) => isElsewhere(problem, panel))} />
      <ComposerBar
        panel={panel}
        onPanel={setPanel}
        sent={sent}
        most={situation.model?.maxCount ?? 10}
        estimate={estimation.estimate}
        isFree={viewer?.upstream.kind === 'SIMULATOR'}
        isSending={submission.isSending}
        verb={refining.use() === null ? 'Generate' : 'Refine'}
      />
    </DockFrame>
  );
}

function useComposition(models: Situation['models']) {
  const draft = useDraft();
  const [base, all, over] = [refining.use(), sources.use(), overlay.use()];
  const { path } = usePlace();
  const situation: Situation = {
    model: modelOf(models, draft.options.model),
    models,
    options: draft.options,
    hasSources: base !== null || all.length > 0,
    overlay: over?.purpose ?? null,
  };
  const sent = supported(situation);
  const conversationId = conversationOf(path);
  const request = requestOf({ draft, options: sent, base, sources: all, overlay: over, conversationId });
  return { situation, sent, request };
}

function usePlaceholder(): string {
  const base = refining.use();
  const all = sources.use();
  const { path } = usePlace();
  if (base !== null) return 'What should change?';
  if (all.length > 0) return all.length === 1 ? 'What should become of it?' : 'What should become of them?';
  return conversationOf(path) === null ? 'Describe a picture' : 'What comes next?';
}

function conversationOf(path: string): string | null {
  return /^\/c\/([^/]+)$/.exec(path)?.[1] ?? null;
}

/** What keeps the request from being sent at all. */
function whatIsMissing(): readonly Problem[] {
  if (sources.get().some(({ problem }) => problem !== null))
    return [whole('A picture was not uploaded: try again, or remove it.')];
  if (sources.get().some(({ image }) => image === null)) return [whole('A picture is still being uploaded.')];
  if (currentDraft().prompt.trim() === '')
    return [{ field: 'prompt', message: 'Describe it in some words.', allowed: [] }];
  return [];
}

/** The gallery shows what develops, and a conversation its own. */
function showWhereItDevelops({ kind }: Request, conversationId: string): void {
  const path = location.hash.replace(/^#/, '').split('?')[0] ?? '';
  if (path === '' || path === '/' || path.startsWith('/c/')) return;
  go(kind === 'refine' ? `/c/${conversationId}` : '/');
}

/** Problems without a place of their own, or whose panel is closed. */
function isElsewhere({ field }: Problem, panel: PanelName | null): boolean {
  if (field === 'prompt') return false;
  return !(panel === 'options' && field?.startsWith('options.'));
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.field} ${problem.message}`, problem])).values()];
}

function Panel({
  name,
  label,
  children,
}: {
  readonly name: string;
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="panel" id={`panel-${name}`} aria-label={label}>
      {children}
    </section>
  );
}

interface DockFrameProps {
  readonly children: ReactNode;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
}

/** Tells the page how high it is, so that nothing hides behind it. */
function DockFrame({ children, onSubmit, onClose }: DockFrameProps) {
  const dock = useRef<HTMLFormElement>(null);

  useEffect(() => {
    const element = dock.current;
    if (element === null) return;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => style.setProperty('--composer-height', `${element.offsetHeight + 16}px`));
    observer.observe(element);
    return () => {
      observer.disconnect();
      style.removeProperty('--composer-height');
    };
  }, []);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    const button = dock.current?.querySelector<HTMLElement>('[aria-expanded="true"]');
    if (!button) return;
    onClose();
    button.focus();
  }

  return (
    <section className="composer" aria-label="Make a picture">
      <form
        ref={dock}
        className="dock"
        noValidate
        onKeyDown={onKeyDown}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
      </form>
    </section>
  );
}
