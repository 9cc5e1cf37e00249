/** What is shown in the place of a view that failed; the rest of the page goes on. */
import { Component, type ReactNode } from 'react';

export interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | null;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <section className="nothing" role="alert">
        <h1>This view cannot be shown</h1>
        {/* Also a part of the page that could not be loaded, as after an update of the server. */}
        <p className="muted">
          Loading the page again usually helps. Nothing is lost: the server has all that was made.
        </p>
        <p className="muted">{error.message}</p>
        <button type="button" onClick={() => location.reload()}>
          Load the page again
        </button>
      </section>
    );
  }
}
