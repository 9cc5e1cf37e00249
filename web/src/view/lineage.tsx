/** Where the picture comes from and what was made from it, as a tree; each of its pictures can be opened and gone on from. */
import { useEffect, useRef } from 'react';
import { useApi } from '../api/query.ts';
import { hrefOf, usePlace } from '../app/router.ts';
import { LineageDocument, type LineageQuery, type RelativeFragment } from '../gql/graphql.ts';
import './lineage.css';

interface Branch {
  readonly image: RelativeFragment;
  readonly children: readonly Branch[];
}

export function Lineage({ imageId }: { readonly imageId: string }) {
  const [{ data }] = useApi(LineageDocument, { id: imageId }, { requestPolicy: 'cache-and-network' });
  const root = data?.image ? treeOf(data.image) : null;
  const tree = useRef<HTMLDivElement>(null);
  const isShown = root !== null;
  useEffect(() => {
    if (isShown && tree.current !== null) showCurrent(tree.current);
  }, [isShown]);
  if (root === null || root.children.length === 0) return null;
  return (
    <section className="lineage" aria-label="Family of this picture">
      <h2>Family</h2>
      {/* It scrolls, so that it has to be reached by keys. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard. */}
      <div className="lineage-tree" ref={tree} tabIndex={0}>
        <BranchNode branch={root} currentId={imageId} />
      </div>
      {(data?.image?.deletedSourceIds.length ?? 0) > 0 && (
        <p className="muted">What it was made from was deleted for good.</p>
      )}
    </section>
  );
}

/** Scrolls the tree alone, and not the page. */
function showCurrent(tree: HTMLElement): void {
  const current = tree.querySelector('[aria-current]');
  if (current === null) return;
  const [outer, inner] = [tree.getBoundingClientRect(), current.getBoundingClientRect()];
  tree.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}

function BranchNode({
  branch: { image, children },
  currentId,
}: {
  readonly branch: Branch;
  readonly currentId: string;
}) {
  const { query } = usePlace();
  const name = image.prompt ?? 'An upload';
  const isCurrent = image.id === currentId;
  const compare = new URLSearchParams(query);
  compare.set('with', image.id);
  const rest = new URLSearchParams(query);
  rest.delete('with');
  return (
    <div className="branch">
      <div className="branch-node" data-deleted={image.deletedAt !== null || undefined}>
        <a href={hrefOf(`/view/${image.id}`, rest)} aria-current={isCurrent ? 'true' : undefined} title={name}>
          <img src={image.thumbnail} alt={name} width={image.width} height={image.height} loading="lazy" />
        </a>
        {!isCurrent && (
          <a
            className="branch-compare"
            href={hrefOf(`/view/${currentId}`, compare)}
            aria-label={`Compare with: ${name}`}
          >
            ◐
          </a>
        )}
      </div>
      {children.length > 0 && (
        <ul>
          {children.map((child) => (
            <li key={child.image.id}>
              <BranchNode branch={child} currentId={currentId} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

type Family = NonNullable<LineageQuery['image']>;

/** The line of ancestors is the trunk; of what else was made from them, only the first generation is known. */
function treeOf({ id, lineage, refinements }: Family): Branch | null {
  const own: readonly Branch[] = refinements.nodes.map(({ refinements: further, ...image }) => ({
    image,
    children: further.nodes.map((grandchild) => ({ image: grandchild, children: [] })),
  }));
  return lineage.reduceRight<Branch | null>((below, ancestor) => {
    if (ancestor.id === id) return { image: ancestor, children: own };
    const others = ancestor.refinements.nodes.filter((image) => image.id !== below?.image.id);
    const children = others.map((image) => ({ image, children: [] }));
    return { image: ancestor, children: below === null ? children : [below, ...children] };
  }, null);
}
