/** The composer, docked at the bottom of the views: what to make, of what, how, and what it would cost. */
import { lazy, Suspense, useRef, useState } from 'react';
import { useApi } from '../api/query.ts';
import { go } from '../app/router.ts';
import { MakerDocument, type Scope } from '../gql/graphql.ts';
import { ComposerBar, type PanelName } from './composer-bar.tsx';
import { DockFrame } from './dock-frame.tsx';
import { reasonAgainstOverlay, type Situation } from './options/limits.ts';
import { OptionsPanel } from './options/options-panel.tsx';
import { conversationOf, pathShown } from './place.ts';
import { changeDraft, currentDraft, focusPrompt, useDraft } from './prompt/draft.ts';
import { PromptBox } from './prompt/prompt-box.tsx';
import { RecentPanel } from './prompt/recent-panel.tsx';
import { lastPrompt, rememberPrompt } from './prompt/recent-prompts.ts';
import { useComposition, usePlaceholder } from './prompt/use-composition.ts';
import { useEstimate } from './send/estimate.tsx';
import { ProblemList } from './send/problem-list.tsx';
import { type Problem, problemsAt, whole } from './send/problems.ts';
import type { Request } from './send/request.ts';
import { useSubmit } from './send/submit.ts';
import { DropArea } from './sources/incoming.tsx';
import { PictureDrop } from './sources/picture-drop.tsx';
import { clearSources, refining, sources } from './sources/sources.ts';
import { SourcesTray } from './sources/sources-tray.tsx';
import './composer.css';
import './options/options.css';

const ContactSheet = lazy(() =>
  import('./sources/contact-sheet.tsx').then(({ ContactSheet: view }) => ({ default: view })),
);

const PROBLEM_ID = 'prompt-problem';
const PANELS: Readonly<Record<PanelName, string>> = {
  sources: 'Pictures to build on',
  options: 'Options',
  recent: 'Recent prompts',
};
/** Problems of these are shown beside the pictures. */
const SOURCE_FIELDS: readonly string[] = ['sourceImageIds', 'imageId', 'maskImageId', 'markupImageId'];

/** Takes files on every view; its dock is not on all of them. */
export function Composer({ isShown }: { readonly isShown: boolean }) {
  const [{ data }] = useApi(MakerDocument, {});
  const viewer = data?.viewer ?? null;
  // Until it is known, the composer is there: most may use it.
  const may = (scope: Scope) => viewer === null || viewer.scopes.includes(scope);
  const hasDock = isShown && may('GENERATE');
  return (
    <>
      <DropArea
        refusal={may('GENERATE') && may('UPLOAD') ? null : 'This key or token may not add pictures.'}
        isComposerShown={hasDock}
      />
      {hasDock && <Dock viewer={viewer} models={data?.models ?? []} />}
    </>
  );
}

interface DockProps {
  readonly viewer: {
    readonly id: string;
    readonly scopes: readonly string[];
    readonly upstream: { readonly kind: string; readonly model: string };
  } | null;
  readonly models: Situation['models'];
}

function Dock({ viewer, models }: DockProps) {
  const draft = useDraft();
  const { situation, sent, request } = useComposition(models, viewer?.upstream.model ?? null);
  const [panel, setPanel] = useState<PanelName | null>(null);
  const sending = useSending(request, viewer?.id ?? null, setPanel);
  const estimation = useEstimate(request.input, viewer?.scopes.includes('COST') === true);
  const problems = distinct([...sending.problems, ...estimation.problems]);
  const canUpload = viewer?.scopes.includes('UPLOAD') !== false;
  const promptProblems = problemsAt(problems, 'prompt');

  function write(prompt: string) {
    changeDraft({ prompt });
  }

  function recall() {
    const prompt = viewer && lastPrompt(viewer.id);
    if (prompt) write(prompt);
  }

  function take(prompt: string) {
    write(prompt);
    setPanel(null);
    focusPrompt();
  }

  return (
    <DockFrame onSubmit={sending.send} onClose={() => setPanel(null)}>
      <PictureDrop />
      {panel && (
        <section className="panel" id={`panel-${panel}`} aria-label={PANELS[panel]}>
          {panel === 'sources' && (
            <Suspense>
              <ContactSheet canUpload={canUpload} />
            </Suspense>
          )}
          {panel === 'options' && <OptionsPanel situation={situation} sent={sent} problems={problems} />}
          {panel === 'recent' && <RecentPanel viewerId={viewer?.id ?? null} onTake={take} />}
        </section>
      )}
      <SourcesTray
        problems={problemsAt(problems, ...SOURCE_FIELDS)}
        reasonAgainstMask={reasonAgainstOverlay('MASK', situation)}
        reasonAgainstMarkup={reasonAgainstOverlay('MARKUP', situation)}
      />
      <PromptBox
        prompt={draft.prompt}
        placeholder={usePlaceholder()}
        problemId={promptProblems.length > 0 ? PROBLEM_ID : null}
        onChange={write}
        onSend={sending.send}
        onRecall={recall}
      />
      <ProblemList id={PROBLEM_ID} problems={promptProblems} />
      <ProblemList problems={problems.filter((problem) => isElsewhere(problem, panel, situation.hasSources))} />
      <ComposerBar
        panel={panel}
        onPanel={setPanel}
        sent={sent}
        most={situation.model?.maxCount ?? 10}
        estimate={estimation.estimate}
        isFree={viewer?.upstream.kind === 'SIMULATOR'}
        isSending={sending.isSending}
        verb={refining.use() === null ? 'Generate' : 'Refine'}
      />
    </DockFrame>
  );
}

/** Sends the request, and makes room for the next one. */
function useSending(request: Request, viewerId: string | null, show: (panel: PanelName | null) => void) {
  const { isSending, problems, submit } = useSubmit(request);
  // What is missing is said once it was asked for, and until it is there.
  const [isIncomplete, setIncomplete] = useState(false);
  // It may be known only when the answer is there.
  const viewer = useRef(viewerId);
  viewer.current = viewerId;

  async function send() {
    const isMissing = whatIsMissing().length > 0;
    setIncomplete(isMissing);
    if (isMissing) return focusPrompt();
    const { call, problems: found } = await submit();
    if (call === null) return found.some(isOfOptions) && show('options');
    const { prompt } = request.input;
    if (viewer.current !== null) rememberPrompt(viewer.current, prompt);
    // What was written meanwhile stays.
    if (currentDraft().prompt.trim() === prompt) changeDraft({ prompt: '' });
    clearSources();
    show(null);
    showWhereItDevelops(request, call.conversation.id);
  }

  return {
    isSending,
    problems: isIncomplete ? [...whatIsMissing(), ...problems] : problems,
    send: () => void send(),
  };
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
  const path = pathShown();
  if (path === '/' || conversationOf(path) !== null) return;
  go(kind === 'refine' ? `/c/${conversationId}` : '/');
}

/** Problems without a place of their own, or whose panel is closed. */
function isElsewhere(problem: Problem, panel: PanelName | null, hasTray: boolean): boolean {
  const { field } = problem;
  if (field === 'prompt' || (hasTray && field !== null && SOURCE_FIELDS.includes(field))) return false;
  return !(panel === 'options' && isOfOptions(problem));
}

function isOfOptions({ field }: Problem): boolean {
  return field?.startsWith('options.') === true;
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.field} ${problem.message}`, problem])).values()];
}
