/** Where pictures of the page are dropped: the composer, which says so while one is dragged. */
import { type DragEvent, useState } from 'react';
import { useClient } from 'urql';
import { ask } from '../../api/query.ts';
import { notify, notifyError } from '../../app/notices.tsx';
import { PictureDocument } from '../../gql/graphql.ts';
import { dragged, endDrag } from './dragged.ts';
import { addSource } from './sources.ts';

/** Lies over the composer while a picture is dragged. */
export function PictureDrop() {
  const ids = dragged.use();
  const [isOver, setOver] = useState(false);
  const client = useClient();
  if (ids.length === 0) return null;

  async function drop() {
    endDrag();
    setOver(false);
    const found = await Promise.all(ids.map((id) => ask(client, 'query', PictureDocument, { id })));
    for (const { image } of found) {
      if (image === null || image.deletedAt !== null) notify({ text: 'That picture was deleted.', isError: true });
      else addSource(image);
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the mouse; keys have “Use as source” and “Add pictures”.
    <div
      className="picture-drop"
      data-over={isOver || undefined}
      onDragEnter={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDragOver={(event: DragEvent) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      }}
      onDrop={(event: DragEvent) => {
        event.preventDefault();
        void drop().catch(notifyError);
      }}
    >
      {ids.length === 1 ? 'Drop here to build on it' : `Drop here to build on ${ids.length} pictures`}
    </div>
  );
}
