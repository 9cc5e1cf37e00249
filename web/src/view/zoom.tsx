/** The picture over everything, to look at closely: by wheel, by two fingers, by keys. */
import Lightbox from 'yet-another-react-lightbox';
import ZoomPlugin from 'yet-another-react-lightbox/plugins/zoom';
import type { ImageTileFragment } from '../gql/graphql.ts';
import 'yet-another-react-lightbox/styles.css';

export interface ZoomProps {
  readonly image: ImageTileFragment;
  readonly onClose: () => void;
}

export function Zoom({ image: { url, width, height, prompt }, onClose }: ZoomProps) {
  return (
    <Lightbox
      open
      close={onClose}
      plugins={[ZoomPlugin]}
      slides={[{ src: url, alt: prompt ?? 'An upload', width, height }]}
      carousel={{ finite: true, padding: 0 }}
      // One picture: there is nowhere else to go.
      render={{ buttonPrev: () => null, buttonNext: () => null }}
      controller={{ closeOnBackdropClick: true, closeOnPullDown: true }}
      zoom={{ maxZoomPixelRatio: 4, scrollToZoom: true }}
      className="zoom"
    />
  );
}
