/** What was asked for, what came of it, and what it cost. */
import { useApi } from '../api/query.ts';
import { type FullImageFragment, ImageCostDocument, type SettingsFragment } from '../gql/graphql.ts';
import { duration, labelOf, money } from '../make/words.ts';

interface Fact {
  readonly name: string;
  readonly value: string;
  /** What was asked for, where it is something else. */
  readonly asked?: string | null;
}

const SETTINGS: readonly (readonly [keyof SettingsFragment, string])[] = [
  ['model', 'Model'],
  ['quality', 'Quality'],
  ['background', 'Background'],
  ['complexity', 'Planning'],
  ['inputFidelity', 'Fidelity to the source'],
  ['compression', 'Compression'],
  ['moderation', 'Moderation'],
  ['frameCount', 'Frames'],
  ['completionWindow', 'Needed'],
  ['mainlineModel', 'Prompt read by'],
];

export function Facts({ image }: { readonly image: FullImageFragment }) {
  return (
    <dl className="facts">
      {factsOf(image).map(({ name, value, asked }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value}
            {asked && <span className="asked">asked for {asked}</span>}
          </dd>
        </div>
      ))}
      <CostFact imageId={image.id} />
    </dl>
  );
}

function factsOf(image: FullImageFragment): readonly Fact[] {
  const { requested, actual, call } = image;
  const made: Fact[] = [
    { name: 'Size', value: `${image.width} × ${image.height}`, asked: askedSize(image) },
    { name: 'Format', value: `${image.format}, ${fileSize(image.byteSize)}`, asked: askedFormat(image) },
  ];
  for (const [key, name] of SETTINGS) {
    const [is, was] = [actual?.[key] ?? null, requested?.[key] ?? null];
    const shown = is ?? was;
    if (shown === null || typeof shown === 'object') continue;
    const asked = is !== null && was !== null && String(is) !== String(was) ? labelOf(was as string | number) : null;
    made.push({ name, value: labelOf(shown as string | number), asked });
  }
  made.push({ name: image.origin === 'UPLOADED' ? 'Uploaded' : 'Made', value: madeWords(image) });
  if (call?.warnings[0]) made.push({ name: 'Note', value: call.warnings.map(({ message }) => message).join(' ') });
  if (image.hasContentCredentials) made.push({ name: 'Credentials', value: 'Signed by its maker (C2PA)' });
  return made;
}

function askedSize({ requested, width, height }: FullImageFragment): string | null {
  if (requested === null) return null;
  if (requested.width != null && requested.height != null) {
    const isSame = requested.width === width && requested.height === height;
    return isSame ? null : `${requested.width} × ${requested.height}`;
  }
  return requested.size == null ? null : labelOf(String(requested.size).toLowerCase()).toLowerCase();
}

function askedFormat({ requested, format }: FullImageFragment): string | null {
  return requested?.format == null || requested.format === format ? null : requested.format;
}

function madeWords({ createdAt, call }: FullImageFragment): string {
  const when = new Date(createdAt).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  if (call?.startedAt == null || call.endedAt == null) return when;
  return `${when}, in ${duration(Date.parse(call.endedAt) - Date.parse(call.startedAt))}`;
}

function fileSize(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1_000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function CostFact({ imageId }: { readonly imageId: string }) {
  const [{ data }] = useApi(ImageCostDocument, { id: imageId });
  const call = data?.image?.call;
  if (call?.cost == null) return null;
  const { amount, currency, basis, complete } = call.cost;
  const about = complete ? (basis === 'ESTIMATED' ? 'about ' : '') : 'at least ';
  return (
    <div>
      <dt>Cost</dt>
      <dd>
        {about}
        {money(amount, currency)}
        {call.count > 1 && <span className="asked">for the {call.count} pictures of the call</span>}
      </dd>
    </div>
  );
}
