/** All pictures that are being made, for places without a layout of their own. */
import { useDevelopingItems } from './developing-items.ts';
import { DevelopingTile } from './developing-tile.tsx';

/** A row of tiles; nothing while nothing is made. */
export function DevelopingTiles() {
  const items = useDevelopingItems();
  if (items.length === 0) return null;
  return (
    <section className="developing-tiles" aria-label="Being made">
      {items.map(({ key, call, index }) => (
        <DevelopingTile key={key} call={call} index={index} />
      ))}
    </section>
  );
}
