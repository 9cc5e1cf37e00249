/**
 * GraphiQL's tabs can be dragged. When its fonts load and make the tabs narrower, each tab keeps a wrong offset, which
 * takes effect when the tab gets the focus: it moves away under the mouse, and the first click on it is lost. Dragging
 * works without the offset.
 */
export const PAGE_STYLE = `.graphiql-tab { transform: none !important; }
body { display: flex; flex-direction: column; height: 100vh; }
#root { flex: 1; min-height: 0; }
#root .graphiql-container { height: 100%; }
#note { margin: 0; padding: 10px 16px; background: #fff4ce; color: #33280a; font: 14px/1.45 system-ui, sans-serif; }`;
