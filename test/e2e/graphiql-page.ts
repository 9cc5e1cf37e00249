/** GraphiQL as its user works with it: tabs, the play button, a mouse, a clipboard. */
import type { BrowserContext, Page } from 'playwright-core';

const READY_TIMEOUT_MS = 20_000;

export interface GraphiqlPage {
  readonly page: Page;
  /** The titles of the tabs, from left to right. */
  tabs(): Promise<string[]>;
  activeTab(): Promise<string | null>;
  openTab(title: string): Promise<void>;
  /** What stands in the editor of the variables. */
  variables(): Promise<unknown>;
  /** Opens the editor of the headers and types into it, in the place of what stands there. */
  enterHeaders(text: string): Promise<void>;
  /** What stands in the editor of the headers. */
  headers(): Promise<unknown>;
  /** The text above GraphiQL; null when there is none. */
  note(): Promise<string | null>;
  /** Clicks the play button. */
  run(): Promise<void>;
  /** What stands in the result pane; null while it is empty. */
  result(): Promise<unknown>;
  /** Selects `text`, which stands in the result pane, by a double-click and copies it. */
  copyFromResult(text: string): Promise<void>;
  /** Puts the clipboard in the place of `text`, which stands in the variables, after a double-click on it. */
  pasteIntoVariables(text: string): Promise<void>;
  /** Moves the mouse a little over `text`, which stands in the result pane. */
  hoverOverResult(text: string): Promise<void>;
}

/** Opens `url` in a new page of the context, or again in `page`, and waits until it can be used. */
export async function openGraphiql(context: BrowserContext, url: string, page?: Page): Promise<GraphiqlPage> {
  const opened = page ?? (await context.newPage());
  await opened.goto(url);
  const play = opened.getByRole('button', { name: 'Execute query' });
  await play.waitFor({ timeout: READY_TIMEOUT_MS });
  // What stands in the editor is coloured once the editor is at work.
  await opened.locator('.graphiql-query-editor [class*=mtk]').first().waitFor({ timeout: READY_TIMEOUT_MS });
  return graphiqlPage(opened);
}

const RESULT = '.result-window';
const VARIABLES = '[aria-label="Variables"]';

function graphiqlPage(page: Page): GraphiqlPage {
  const tab = (title: string) => page.locator('.graphiql-tab-button', { hasText: title });
  // The editors draw only the lines in view; their models hold all.
  const textOf = async (file: string): Promise<unknown> => {
    const text = await page.evaluate<string>(
      `monaco.editor.getModels().find(({ uri }) => uri.path.endsWith('${file}')).getValue()`,
    );
    return text.trim() === '' ? null : JSON.parse(text);
  };
  // A long word can be broken into two lines, so only its beginning is looked for.
  const wordIn = (pane: string, text: string) =>
    page.locator(`${pane} .view-line span span`, { hasText: text.slice(0, 12) }).first();

  return {
    page,
    tabs: () => page.locator('.graphiql-tab-button').allTextContents(),
    activeTab: () => page.locator('.graphiql-tab-active .graphiql-tab-button').textContent(),
    async openTab(title) {
      await tab(title).click();
      // The play button runs the tab before this one until GraphiQL has read the new one; then it tells the address.
      await page.waitForURL(({ searchParams }) => searchParams.get('query')?.includes(` ${title}(`) ?? false);
    },
    variables: () => textOf('variables.json'),
    async enterHeaders(text) {
      await page.getByRole('button', { name: 'Headers', exact: true }).click();
      await page.locator('.monaco-editor[data-uri$="request-headers.json"]').click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(text);
    },
    headers: () => textOf('request-headers.json'),
    async note() {
      const note = page.locator('#note');
      return (await note.isVisible()) ? note.innerText() : null;
    },
    run: () => page.getByRole('button', { name: 'Execute query' }).click(),
    result: () => textOf('response.json'),
    async copyFromResult(text) {
      await wordIn(RESULT, text).dblclick();
      await page.keyboard.press('ControlOrMeta+C');
    },
    async pasteIntoVariables(text) {
      await page.getByRole('button', { name: 'Variables', exact: true }).click();
      await wordIn(VARIABLES, text).dblclick();
      await page.keyboard.press('ControlOrMeta+V');
      await page.locator(VARIABLES, { hasNotText: text }).waitFor();
    },
    async hoverOverResult(text) {
      for (const x of [100, 101]) await wordIn(RESULT, text).hover({ position: { x, y: 10 } });
    },
  };
}
