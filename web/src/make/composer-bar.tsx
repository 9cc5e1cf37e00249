/** The last row of the composer: what else there is, how many, what it costs, and the button that sends. */
import type { ComponentProps } from 'react';
import type { ImageOptionsInput } from '../gql/graphql.ts';
import { Icon } from './icons.tsx';
import { Count } from './options/count.tsx';
import { changeDraft, useDraft } from './prompt/draft.ts';
import { EstimateWords } from './send/estimate.tsx';
import { labelOf } from './words.ts';

export type PanelName = 'sources' | 'recent' | 'options';

export interface ComposerBarProps {
  readonly panel: PanelName | null;
  readonly onPanel: (panel: PanelName | null) => void;
  readonly sent: ImageOptionsInput;
  readonly most: number;
  readonly estimate: ComponentProps<typeof EstimateWords>['estimate'];
  readonly isFree: boolean;
  readonly isSending: boolean;
  readonly verb: string;
}

export function ComposerBar(props: ComposerBarProps) {
  const { panel, onPanel, sent, most, estimate, isFree, isSending, verb } = props;
  const { count } = useDraft();
  const tool = (name: PanelName, icon: ComponentProps<typeof Icon>['name'], label: string, title?: string) => (
    <button
      type="button"
      className={name === 'options' ? 'quiet tool summary' : 'quiet tool'}
      aria-label={label}
      title={title}
      aria-expanded={panel === name}
      aria-controls={panel === name ? `panel-${name}` : undefined}
      onClick={() => onPanel(panel === name ? null : name)}
    >
      <Icon name={icon} />
      {name === 'options' && <span>{summaryOf(sent)}</span>}
    </button>
  );
  return (
    <div className="bar">
      {tool('sources', 'add', 'Add pictures', 'Pictures to build on')}
      {tool('recent', 'recent', 'Recent prompts', 'Recent prompts')}
      {tool('options', 'options', `Options: ${summaryOf(sent)}`)}
      <Count count={Math.min(count, most)} most={most} onChange={(next) => changeDraft({ count: next })} />
      <EstimateWords estimate={estimate} isFree={isFree} />
      <button type="submit" className="primary send" disabled={isSending} title="Ctrl or ⌘ + Enter">
        <Icon name="send" />
        <span>{isSending ? 'Sending…' : verb}</span>
      </button>
    </div>
  );
}

/** What differs from the defaults: what one looks for first by its name, and how much else. */
function summaryOf({ size, quality, format, background, model, ...others }: ImageOptionsInput): string {
  const parts = [size, quality && `${labelOf(quality)} quality`, format, background && labelOf(background), model];
  const words = parts.flatMap((part) => (part ? [labelOf(part)] : []));
  const more = Object.values(others).filter((value) => value != null).length;
  if (more > 0) words.push(words.length === 0 ? `${more} ${more === 1 ? 'option' : 'options'}` : `${more} more`);
  return words.length === 0 ? 'Auto' : words.join(', ');
}
