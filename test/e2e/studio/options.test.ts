/** Every option of the API is in the composer, and is sent as it was chosen; what cannot be chosen says why. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { drop, picture, promptOf, uploaded } from './building-on.ts';
import { seriousFindings } from './findings.ts';
import { describeStudio, patience, screenshot, send } from './harness.ts';

interface Input {
  readonly options: Readonly<Record<string, unknown>>;
}

/** Opens the panel with all options. */
async function openOptions(page: Page) {
  await page.getByRole('button', { name: /^Options/u }).click();
  const panel = page.getByRole('region', { name: 'Options' });
  await panel.getByText('More options').click();
  return {
    panel,
    choose: (group: string, value: string) =>
      panel.getByRole('group', { name: group, exact: true }).getByText(value, { exact: true }).click(),
    write: (label: string, text: string) => panel.getByLabel(label, { exact: true }).fill(text),
  };
}

/** Sends the request, and resolves with what the server got. */
async function generateAs(page: Page): Promise<Input> {
  const sent = page.waitForRequest((request) => /mutation (Generate|Refine)/u.test(request.postData() ?? ''));
  await promptOf(page).fill('a gull');
  await promptOf(page).press('Control+Enter');
  // As the client of the page writes it.
  const { variables } = (await sent).postDataJSON() as { variables: { input: Input } };
  await expect.poll(() => promptOf(page).inputValue(), patience).toBe('');
  return variables.input;
}

async function requested(url: string) {
  const { generationCalls } = await send<{ generationCalls: { nodes: readonly { requested: object }[] } }>(
    url,
    `{ generationCalls(first: 1) { nodes { requested {
      model mainlineModel complexity svg { model reasoningEffort } frameCount frameDurationMs compression background
    } } } }`,
  );
  return generationCalls.nodes[0]?.requested;
}

describeStudio('The options', {}, (studio) => {
  test('are all of those that the API has', async () => {
    const names = new Set<string>();
    const note = ({ options }: Input) => {
      for (const name of Object.keys(options)) names.add(name);
    };

    const page = await studio.open({ height: 1000 });
    const svg = await openOptions(page);
    await svg.choose('Format', 'SVG');
    await svg.choose('Size', '1024 × 1536');
    await svg.choose('Quality', 'Low');
    await svg.choose('Planning', 'High');
    await svg.choose('Content filter', 'Less strict');
    await svg.choose('Partial images', '1');
    await svg.write('Writer of the SVG', 'gpt-5.4-mini');
    await svg.choose('How much it thinks', 'Medium');
    await svg.write('Language model', 'gpt-5.4');
    await svg.choose('Model', 'Other');
    await svg.write('Name of the model', 'gpt-image-2.6-sunburst-preview');
    expect(await seriousFindings(page)).toEqual([]);
    await screenshot(page, 'make-options-svg');
    note(await generateAs(page));
    expect(await requested(studio.url)).toMatchObject({
      model: 'gpt-image-2.6-sunburst-preview',
      mainlineModel: 'gpt-5.4',
      complexity: 'HIGH',
      svg: { model: 'gpt-5.4-mini', reasoningEffort: 'MEDIUM' },
    });

    const gif = await openOptions(await studio.open());
    await gif.choose('Format', 'GIF');
    await gif.write('Frames', '4');
    await gif.write('Each frame in ms', '20000');
    note(await generateAs(gif.panel.page()));
    expect(await requested(studio.url)).toMatchObject({ frameCount: 4, frameDurationMs: 20_000 });

    const third = await studio.open();
    await drop(third, await picture());
    await uploaded(third, 1);
    const webp = await openOptions(third);
    await webp.choose('Format', 'WEBP');
    await webp.write('File quality in %', '70');
    await webp.choose('Background', 'Transparent');
    await webp.choose('Closeness to sources', 'High');
    await webp.choose('When', 'Within 2 hours, cheaper');
    note(await generateAs(third));
    expect(await requested(studio.url)).toMatchObject({ compression: 70, background: 'TRANSPARENT' });

    const { __type } = await send<{ __type: { inputFields: readonly { name: string }[] } }>(
      studio.url,
      '{ __type(name: "ImageOptionsInput") { inputFields { name } } }',
    );
    expect([...names].sort()).toEqual(__type.inputFields.map(({ name }) => name).sort());
  });

  test('say which of them need another format', async () => {
    const { panel } = await openOptions(await studio.open());
    for (const [group, reason] of [
      ['File quality', 'Only WEBP and JPEG are compressed.'],
      ['Frames', 'Only a GIF has frames.'],
      ['Writer of the SVG', 'Only an SVG is written by a language model.'],
    ] as const) {
      const field = panel.getByRole('group', { name: group, exact: true });
      await field.getByText(reason).waitFor();
      expect(await field.getByRole(group === 'Writer of the SVG' ? 'textbox' : 'spinbutton').isDisabled()).toBe(true);
    }
  });
});

describeStudio('The options of a server without the Responses API', { env: { UPSTREAM_API: 'images' } }, (studio) => {
  test('say what it cannot do, and why', async () => {
    const page = await studio.open();
    await promptOf(page).fill('a gull');
    const { panel, choose, write } = await openOptions(page);
    await write('Language model', 'gpt-5.4');
    await panel.getByText(/it uses no mainline model/u).waitFor();
    await write('Language model', '');
    await panel.getByText(/it uses no mainline model/u).waitFor({ state: 'detached' });
    await choose('When', 'Within 8 hours, cheapest');
    await panel.getByText(/only the Responses API offers it/u).waitFor();
  });
});
