/** The styles around Yoga's build of GraphiQL. */

const PLACES = ['.graphiql-container', '.graphiql-dialog', '.graphiql-dialog-overlay', '.graphiql-tooltip'];
/** Where GraphiQL sets its colours below an element. */
const below = (root: string) =>
  [...PLACES, '[data-radix-popper-content-wrapper]'].map((place) => `${root} ${place}`).join();

/** The colours of Studio, as GraphiQL writes them: parts of `hsl()`. */
const LIGHT =
  '--color-primary: 10, 69%, 44%; --color-secondary: 28, 60%, 34%; --color-tertiary: 175, 65%, 25%; ' +
  '--color-neutral: 33, 14%, 27%; --color-base: 38, 44%, 97%;';
const DARK =
  '--color-primary: 10, 100%, 63%; --color-secondary: 33, 75%, 70%; --color-tertiary: 165, 35%, 60%; ' +
  '--color-neutral: 35, 22%, 76%; --color-base: 30, 13%, 6%; --popover-border: 1px solid hsl(30, 12%, 20%);';

/**
 * Besides the colours: GraphiQL's tabs can be dragged. When its fonts load and make the tabs narrower, each tab keeps a
 * wrong offset, which takes effect when the tab gets the focus: it moves away under the mouse, and the first click on it
 * is lost. Dragging works without the offset.
 */
export const PAGE_STYLE = `${below('body')} { ${LIGHT} }
@media (prefers-color-scheme: dark) { ${below('body:not(.graphiql-light)')} { ${DARK} } }
${below('body.graphiql-dark')} { ${DARK} }
/* In the place of a mark: the light of Studio. */
.graphiql-logo svg { visibility: hidden; }
.graphiql-logo div:has(> svg) { align-items: center; justify-content: center; width: 24px !important; height: 24px; margin-right: 8px; }
.graphiql-logo div:has(> svg)::before { content: ''; position: absolute; width: 12px; height: 12px; border-radius: 50%;
background: hsl(var(--color-primary)); box-shadow: 0 0 14px 2px hsla(var(--color-primary), 0.6); }
.graphiql-tab { transform: none !important; }
body { display: flex; flex-direction: column; height: 100vh; }
#root { flex: 1; min-height: 0; }
#root .graphiql-container { height: 100%; }
#note { margin: 0; padding: 10px 16px; background: #fff4ce; color: #33280a; font: 14px/1.45 system-ui, sans-serif; }`;
