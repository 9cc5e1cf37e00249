/** What this upstream supports, as its answers showed: what it refuses for this account once, it always refuses. */
import { ProviderError } from '../provider/image-provider.ts';

export class UpstreamSupport {
  /** Whether to ask it to work in the background. */
  background: boolean;
  /** Whether to ask it for several images in one request. */
  batches = true;

  constructor({ background }: { readonly background: boolean }) {
    this.background = background;
  }

  /** @param error how a request ended */
  learnFrom(error: unknown): void {
    if (!(error instanceof ProviderError)) return;
    if (error.kind === 'BACKGROUND_REFUSED') this.background = false;
    if (error.kind === 'API_REFUSED') this.batches = false;
  }
}
