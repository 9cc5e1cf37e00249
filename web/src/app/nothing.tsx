/** What is said where there is nothing to show, and where to go instead. */
import { hrefOf } from './router.ts';
import './nothing.css';

export interface NothingProps {
  readonly title: string;
  readonly advice: string;
  /** Where to go. */
  readonly path: string;
  readonly way: string;
}

export function Nothing({ title, advice, path, way }: NothingProps) {
  return (
    <section className="nothing">
      <h1>{title}</h1>
      <p className="muted">{advice}</p>
      <a href={hrefOf(path)}>{way}</a>
    </section>
  );
}
