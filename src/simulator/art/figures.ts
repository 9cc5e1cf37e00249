/** The figures of a drawing: shapes, colours and positions, each with a pale rim like a cut-out. */
import { bird, type Critter, critter, fish, owl } from './motifs/animals.ts';
import type { MotifInk } from './motifs/ink.ts';
import { balloon, boat, cup, flower, house, lighthouse, portrait, robot, rocket, tree } from './motifs/things.ts';
import type { Palette } from './palette.ts';
import type { Figure, MotifName } from './reading.ts';
import { ellipse, group, lightness, mix } from './svg.ts';

const MOTIFS: Readonly<Record<Exclude<MotifName, Critter>, (ink: MotifInk) => string>> = {
  owl,
  bird,
  fish,
  flower,
  boat,
  lighthouse,
  house,
  portrait,
  tree,
  balloon,
  rocket,
  robot,
  cup,
};
const CRITTERS: ReadonlySet<string> = new Set<Critter>(['cat', 'dog', 'fox', 'bear', 'rabbit', 'otter']);
const NATURAL: Partial<Record<MotifName, string>> = {
  otter: '#8a5f45',
  fox: '#dd7230',
  bear: '#7b573f',
  dog: '#c58f58',
  owl: '#8f6d54',
};
/** The height above the ground, as a fraction of the size, of figures that do not stand on it. */
const FLYING = 0.3;
const LIFTED: Partial<Record<MotifName, number>> = { balloon: FLYING, rocket: FLYING, fish: 0.1 };
const BLUSH = '#ef8f80';

/** Figures that fly or float have no shadow. */
const AIRBORNE: ReadonlySet<MotifName> = new Set(['balloon', 'rocket', 'fish', 'boat']);

function isCritter(name: MotifName): name is Critter {
  return CRITTERS.has(name);
}

function inkOf(figure: Figure, palette: Palette, index: number): MotifInk {
  const wanted = figure.colour ?? NATURAL[figure.motif] ?? (index % 2 === 0 ? palette.accent : palette.sun);
  const isDark = lightness(wanted) < 0.22;
  const main = isDark ? mix(wanted, palette.pale, 0.12) : wanted;
  return {
    main,
    shade: mix(main, palette.ink, 0.32),
    light: isDark ? mix(main, palette.pale, 0.35) : mix(palette.pale, main, 0.12),
    ink: mix(palette.ink, '#000000', 0.15),
    accent: isCritter(figure.motif) ? BLUSH : figure.colour === null ? palette.sun : palette.accent,
    striped: figure.striped,
    scarf: figure.scarf,
  };
}

export interface Place {
  /** The centre of the figure's lower edge. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** One figure with rim and shadow. */
export function drawFigure(figure: Figure, palette: Palette, place: Place, index = 0): string {
  const ink = inkOf(figure, palette, index);
  const shapes = isCritter(figure.motif) ? critter(figure.motif, ink) : MOTIFS[figure.motif](ink);
  const rim = group(shapes.replace(/fill="#[0-9a-f]{6}"/g, `fill="${palette.pale}"`), {
    stroke: palette.pale,
    'stroke-width': 4.5,
    'stroke-linejoin': 'round',
  });
  const shadow = AIRBORNE.has(figure.motif) ? '' : ellipse(50, 99.5, 46, 5, palette.ink, { opacity: 0.28 });
  const scale = place.size / 100;
  return group(shadow + rim + shapes, {
    transform: `translate(${Math.round(place.x - place.size / 2)} ${Math.round(place.y - place.size)}) scale(${Math.round(scale * 1000) / 1000})`,
  });
}

/** One to three figures next to each other, standing at `y`. */
export function drawFigures(figures: readonly Figure[], palette: Palette, place: Place): string {
  const flies = figures.some((each) => LIFTED[each.motif] === FLYING);
  const size = place.size * (flies ? 0.82 : 1) * (figures.length === 1 ? 1 : figures.length === 2 ? 0.88 : 0.7);
  const step = size * (figures.some((each) => each.motif === 'lighthouse' || each.motif === 'house') ? 0.86 : 0.66);
  return figures
    .map((figure, index) => {
      const x = place.x + (index - (figures.length - 1) / 2) * step;
      const lift = size * (LIFTED[figure.motif] ?? 0);
      return drawFigure(figure, palette, { x, y: place.y - lift + (index % 2) * size * 0.03, size }, index);
    })
    .join('');
}
