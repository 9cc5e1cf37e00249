/**
 * A whole drawing as SVG: paper, panel, scene, figures, title; then the effects of each change; and the words of the last
 * change along the lower edge.
 */

import { type Canvas, definitions, type SceneDrawing } from './canvas.ts';
import { drawFigures } from './figures.ts';
import type { Idea } from './idea.ts';
import { type LetteringBox, setWords, shortened } from './lettering.ts';
import { passingBy, swaying } from './movement.ts';
import { choosePalette, type Palette } from './palette.ts';
import { Random } from './random.ts';
import { type Figure, type Reading, readWords, type SceneKind } from './reading.ts';
import { type Area, changeEffect, weather } from './rendering/effects.ts';
import { desert, forest, hills, mountains } from './scenery/land.ts';
import { abstract, city, space } from './scenery/made.ts';
import { river, sea } from './scenery/water.ts';
import { circle, group, lightness, line, n, type Point, path, rect } from './svg.ts';

const SCENES: Readonly<Record<SceneKind, (canvas: Canvas) => SceneDrawing>> = {
  hills,
  mountains,
  sea,
  river,
  city,
  forest,
  desert,
  space,
  abstract,
};
const TITLE_LETTERS = 110;
const CAPTION_LETTERS = 90;
const UNNAMED_SCENES = ['hills', 'mountains', 'sea', 'abstract', 'desert', 'forest'] as const;
const SCENES_FOR_FIGURES = ['hills', 'hills', 'forest', 'desert', 'sea'] as const;

export interface CompositionOrder {
  readonly idea: Idea;
  readonly width: number;
  readonly height: number;
  readonly isTransparent: boolean;
  /** How many small things are drawn; 1 is as usual. */
  readonly detail: number;
  /** Where an animation is in its loop, 0 to 1; null for a still image. */
  readonly moment: number | null;
  /** The given image as a data URL, already in this size. */
  readonly base: string | null;
}

/** The drawing so far. Changes affect the content only; paper and title stay as they are. */
interface Sheet {
  readonly paper: string;
  /** The content so far. Every change wraps it once more. */
  readonly content: string;
  /** The frame and the title. */
  readonly letters: string;
  readonly definitions: string;
  /** The area of the content. */
  readonly area: Area;
  readonly palette: Palette;
  /** The y coordinate on which added figures stand. */
  readonly floor: number;
}

/** @returns a complete SVG document without fonts or other files */
export function compose(order: CompositionOrder): string {
  const { idea, width, height } = order;
  const random = new Random(`${idea.subject}\u0000${idea.variant}`);
  const reading = readWords(idea.subject);
  const palette = choosePalette(reading, random.fork('palette'));
  const unit = Math.min(width, height) / 1000;
  let sheet = firstSheet(order, { reading, palette, random, unit });
  for (const [index, words] of idea.changes.entries()) sheet = applyChange(sheet, { words, index, order });
  const last = idea.changes.at(-1);
  const caption =
    last === undefined || order.isTransparent ? '' : drawCaption(last, sheet.palette, width, height, unit);
  const passing = order.moment === null ? '' : passingBy(sheet, reading.scene === 'space', order.moment);
  const content = sheet.content + passing;
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs>${sheet.definitions}</defs>${sheet.paper}${content}${sheet.letters}${caption}</svg>`;
}

const BLANK = { paper: '', letters: '', definitions: '' } as const;

interface DrawingContext {
  readonly reading: Reading;
  readonly palette: Palette;
  readonly random: Random;
  readonly unit: number;
}

function firstSheet(order: CompositionOrder, context: DrawingContext): Sheet {
  const { width, height, base } = order;
  const { unit, palette } = context;
  if (base !== null) {
    const content = `<image width="${width}" height="${height}" xlink:href="${base}" preserveAspectRatio="none"/>`;
    const area: Area = { x: 0, y: 0, width, height, unit };
    return { ...BLANK, content, area, palette, floor: height * 0.93 };
  }
  return order.isTransparent ? cutOut(order, context) : print(order, context);
}

/** Only the figures, or the scene as a round badge when there are none, on a transparent background. */
function cutOut({ width, height, detail }: CompositionOrder, context: DrawingContext): Sheet {
  const { unit, palette, reading } = context;
  const area: Area = { x: 0, y: 0, width, height, unit };
  const size = unit * (reading.figures.length > 1 ? 610 : 800);
  const floor = height / 2 + size * 0.47;
  if (reading.figures.length > 0) {
    const content = drawFigures(reading.figures, palette, { x: width / 2, y: floor, size });
    return { ...BLANK, content, area, palette, floor };
  }
  const canvas: Canvas = {
    width: size,
    height: size,
    unit,
    palette,
    random: context.random,
    reading,
    titleShare: 0.03,
    detail,
  };
  const scene = SCENES[sceneOf(context)](canvas);
  const clip = `<clipPath id="badge"><circle cx="${size / 2}" cy="${size / 2}" r="${size / 2}"/></clipPath>`;
  const content =
    circle(width / 2, height / 2, size / 2 + unit * 16, palette.pale) +
    group(group(scene.art, { 'clip-path': 'url(#badge)' }), {
      transform: `translate(${(width - size) / 2} ${(height - size) / 2})`,
    });
  return { ...BLANK, content, definitions: definitions(canvas) + clip, area, palette, floor };
}

function sceneOf({ reading, random }: DrawingContext): SceneKind {
  if (reading.scene !== null) return reading.scene;
  if (reading.figures.some((each) => each.motif === 'boat' || each.motif === 'fish' || each.motif === 'lighthouse'))
    return 'sea';
  if (reading.figures.some((each) => each.motif === 'rocket' || each.motif === 'robot')) return 'space';
  if (reading.figures.some((each) => each.motif === 'cup' || each.motif === 'portrait')) return 'abstract';
  if (reading.moods.has('neon')) return 'city';
  if (reading.moods.has('winter') || reading.moods.has('snow'))
    return random.fork('scene').pick(['mountains', 'forest', 'hills']);
  return random.fork('scene').pick(reading.figures.length > 0 ? SCENES_FOR_FIGURES : UNNAMED_SCENES);
}

/** A print on paper, with the title below the scene or in its sky, like a travel poster. */
function print({ idea, width, height, detail, moment }: CompositionOrder, context: DrawingContext): Sheet {
  const { unit, palette, reading, random } = context;
  const margin = unit * 50;
  const inner = width - margin * 2;
  const kind = sceneOf(context);
  const isPoster = kind !== 'abstract' && random.fork('layout').chance(0.5);
  const short = shortened(idea.subject, TITLE_LETTERS);
  const words = short === '' ? '' : (short[0] ?? '').toUpperCase() + short.slice(1);
  const box: LetteringBox = {
    x: margin,
    y: 0,
    width: inner,
    height: Math.min(height * 0.24, unit * 210),
    maxFontSize: unit * 118,
    align: 'centre',
  };
  const title = isPoster
    ? setWords(words.length <= 48 ? words.toUpperCase() : words, {
        ...box,
        x: margin + unit * 46,
        width: inner - unit * 92,
        y: margin + unit * 52,
      })
    : setWords(words, { ...box, maxFontSize: unit * 92 });
  const below = isPoster || title.height === 0 ? 0 : title.height + unit * 74;
  const area: Area = {
    x: margin,
    y: margin,
    width: inner,
    height: height - margin * 2 - below + (below > 0 ? unit * 14 : 0),
    unit,
  };
  const canvas: Canvas = {
    width: area.width,
    height: area.height,
    unit,
    palette,
    random,
    reading,
    titleShare: isPoster && title.height > 0 ? Math.min(0.42, (title.height + unit * 84) / area.height) : 0,
    detail,
  };
  const scene = SCENES[kind](canvas);
  const figures = placeFigures(canvas, scene, moment);
  const sky = weather(reading, { ...area, x: 0, y: 0 }, palette, random);
  const panel = group(group(scene.art + figures + sky.overlay, { 'clip-path': 'url(#panel)' }), {
    transform: `translate(${area.x} ${area.y})`,
  });
  const letters = isPoster
    ? posterTitle(title.d, palette, unit, isDarkSky(idea, palette))
    : group(path(title.d, palette.ink), { transform: `translate(0 ${area.y + area.height + unit * 36})` });
  const frame = rect(area.x, area.y, area.width, area.height, 'none', {
    stroke: palette.ink,
    'stroke-width': unit * 3,
    'stroke-opacity': 0.8,
  });
  return {
    paper: rect(0, 0, width, height, palette.paper) + (detail > 1 ? border(width, height, margin / 2, canvas) : ''),
    content: panel,
    letters: frame + letters,
    definitions: `${definitions(canvas)}<clipPath id="panel"><rect width="${area.width}" height="${area.height}"/></clipPath>`,
    area,
    palette,
    floor: area.y + scene.floor,
  };
}

/** A row of beads around the sheet, with a rosette in every corner. */
function border(width: number, height: number, inset: number, { palette, unit }: Canvas): string {
  const [right, bottom] = [width - inset, height - inset];
  const beads = line(`M${n(inset)} ${n(inset)}H${n(right)}V${n(bottom)}H${n(inset)}Z`, palette.mid, unit * 6, {
    'stroke-dasharray': `0 ${n(unit * 16)}`,
  });
  const corners = [inset, right].flatMap((x) => [inset, bottom].map((y) => ({ x, y })));
  const rosette = ({ x, y }: Point) =>
    circle(x, y, unit * 18, palette.accent) +
    circle(x, y, unit * 11, palette.paper) +
    circle(x, y, unit * 6, palette.ink);
  return beads + corners.map(rosette).join('');
}

/** The title in the sky, with a slightly offset second colour. */
function posterTitle(d: string, palette: Palette, unit: number, isOnDark: boolean): string {
  const under = isOnDark ? palette.ink : palette.pale;
  return (
    group(path(d, under, { opacity: 0.75 }), { transform: `translate(${unit * 4} ${unit * 4})` }) +
    path(d, isOnDark ? palette.pale : palette.ink)
  );
}

function isDarkSky(idea: Idea, palette: Palette): boolean {
  if (lightness(palette.skyTop) < 0.55) return true;
  return idea.changes.some((words) => [...readWords(words).moods].some((mood) => mood === 'night' || mood === 'dark'));
}

function placeFigures(canvas: Canvas, scene: SceneDrawing, moment: number | null): string {
  const { figures } = canvas.reading;
  if (figures.length === 0) return '';
  const free = scene.floor - canvas.height * canvas.titleShare;
  const size = Math.min(free * 0.74, canvas.width * (figures.length === 1 ? 0.62 : figures.length === 2 ? 0.6 : 0.56));
  const place = { x: canvas.width / 2, y: scene.floor, size };
  return swaying(drawFigures(figures, canvas.palette, place), place, moment);
}

interface Change {
  readonly words: string;
  readonly index: number;
  readonly order: CompositionOrder;
}

function applyChange(sheet: Sheet, { words, index, order }: Change): Sheet {
  const reading = readWords(words);
  const { area, palette } = sheet;
  const effect = changeEffect(reading, words, area, palette, index);
  const id = `grade${index}`;
  const filter =
    effect.grade === ''
      ? ''
      : `<filter id="${id}" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">${effect.grade}</filter>`;
  const graded = filter === '' ? sheet.content : group(sheet.content, { filter: `url(#${id})` });
  const clip = `<clipPath id="area${index}"><rect x="${area.x}" y="${area.y}" width="${area.width}" height="${area.height}"/></clipPath>`;
  const added = addFigures(reading.figures, sheet, words, order.moment);
  // Weather makes no sense on a transparent background. The light changes nevertheless.
  const overlay = order.isTransparent ? '' : effect.overlay;
  return {
    ...sheet,
    content: graded + group(added + overlay, { 'clip-path': `url(#area${index})` }),
    definitions: sheet.definitions + effect.definitions + filter + clip,
  };
}

/** Figures added by a change stand at one side, smaller than the others. */
function addFigures(
  figures: readonly Figure[],
  { area, palette, floor }: Sheet,
  words: string,
  moment: number | null,
): string {
  if (figures.length === 0) return '';
  const side = new Random(`side\u0000${words}`).chance(0.5) ? 0.24 : 0.76;
  const place = { x: area.x + area.width * side, y: floor, size: Math.min(area.width, area.height) * 0.34 };
  return swaying(drawFigures(figures, palette, place), place, moment);
}

function drawCaption(words: string, palette: Palette, width: number, height: number, unit: number): string {
  const tall = unit * 50;
  const text = setWords(shortened(words, CAPTION_LETTERS), {
    x: unit * 40,
    y: height - tall + unit * 16,
    width: width - unit * 80,
    height: unit * 30,
    maxFontSize: unit * 29,
    align: 'centre',
  });
  return rect(0, height - tall, width, tall, palette.ink) + path(text.d, palette.paper);
}
