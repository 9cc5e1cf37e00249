/** Animals, each in a box of 100 by 100 with its feet on the lower edge. */

import { circle, ellipse, group, line, path } from '../svg.ts';
import type { MotifInk } from './ink.ts';

type Ears = 'pointed' | 'round' | 'floppy' | 'long';

interface Build {
  readonly ears: Ears;
  readonly tail: string;
  readonly sleepy: boolean;
  readonly slim: boolean;
}

const BUILDS = {
  cat: {
    ears: 'pointed',
    tail: 'M66 97C100 100 106 68 91 54C87 51 82 56 85 60C93 70 88 87 64 86Z',
    sleepy: true,
    slim: false,
  },
  fox: {
    ears: 'pointed',
    tail: 'M64 98C92 104 108 78 98 50C90 60 84 62 80 74C76 84 70 86 64 86Z',
    sleepy: false,
    slim: true,
  },
  dog: { ears: 'floppy', tail: 'M68 92C84 92 92 78 88 66C84 66 80 78 66 82Z', sleepy: false, slim: false },
  bear: { ears: 'round', tail: 'M70 92C78 94 80 86 74 84Z', sleepy: false, slim: false },
  rabbit: { ears: 'long', tail: 'M70 94C82 96 84 82 72 82Z', sleepy: false, slim: true },
  otter: { ears: 'round', tail: 'M62 99C86 103 100 95 103 80C92 86 80 84 66 86Z', sleepy: true, slim: true },
} as const satisfies Record<string, Build>;

export type Critter = keyof typeof BUILDS;

/** A sitting animal, seen from the front. */
export function critter(kind: Critter, ink: MotifInk): string {
  const build: Build = BUILDS[kind];
  const wide = build.slim ? 0 : 3;
  const isOtter = kind === 'otter';
  return [
    path(build.tail, ink.shade),
    kind === 'fox' ? path('M98 50C104 64 102 76 96 84C94 76 92 66 92 60Z', ink.light) : '',
    path(`M${28 - wide} 100C${20 - wide} 74 31 48 50 48C69 48 ${80 + wide} 74 ${72 + wide} 100Z`, ink.main),
    path('M38 100C34 80 39 58 50 58C61 58 66 80 62 100Z', ink.light, { opacity: 0.85 }),
    ink.striped
      ? line(
          'M27 76q7 1 9 5M25 86q7 1 10 5M73 76q-7 1-9 5M75 86q-7 1-10 5M31 66q5 1 8 4M69 66q-5 1-8 4',
          ink.ink,
          2.6,
          { opacity: 0.75 },
        )
      : '',
    ears(build.ears, ink),
    ellipse(50, 35, isOtter ? 22 : 24, isOtter ? 18 : 19.5, ink.main),
    kind === 'fox'
      ? path('M28 40C36 40 44 46 50 54C56 46 64 40 72 40C70 52 58 55 50 55C42 55 30 52 28 40Z', ink.light)
      : '',
    ink.striped
      ? line(
          'M50 17v8M43 18.5l1.5 6.5M57 18.5l-1.5 6.5M28.5 37l7 1.5M30 43l6.5 .5M71.5 37l-7 1.5M70 43l-6.5 .5',
          ink.ink,
          2.4,
          { opacity: 0.75 },
        )
      : '',
    face(build, isOtter, ink),
    ink.scarf === null ? '' : scarf(ink.scarf, ink.ink),
    paws(isOtter, ink),
  ].join('');
}

function ears(kind: Ears, ink: MotifInk): string {
  switch (kind) {
    case 'pointed':
      return (
        path('M27 33L26 6Q38 10 47 20ZM73 33L74 6Q62 10 53 20Z', ink.main) +
        path('M30 24L30 12Q36 14 41 19ZM70 24L70 12Q64 14 59 19Z', ink.accent, { opacity: 0.75 })
      );
    case 'round':
      return (
        circle(32, 21, 7, ink.main) +
        circle(68, 21, 7, ink.main) +
        circle(32.5, 22, 3.6, ink.shade) +
        circle(67.5, 22, 3.6, ink.shade)
      );
    case 'floppy':
      return path('M32 18C18 18 13 40 20 54C29 52 34 38 36 26ZM68 18C82 18 87 40 80 54C71 52 66 38 64 26Z', ink.shade);
    case 'long':
      return (
        path('M40 24C28 14 30-14 38-12C46-10 48 10 48 22ZM60 24C72 14 70-14 62-12C54-10 52 10 52 22Z', ink.main) +
        path('M41 14C35 6 36-6 39-6C43-4 44 6 44 14ZM59 14C65 6 64-6 61-6C57-4 56 6 56 14Z', ink.accent, {
          opacity: 0.6,
        })
      );
  }
}

function face(build: Build, isOtter: boolean, ink: MotifInk): string {
  const eyes = build.sleepy
    ? line('M36 34q4.5 4.5 9 0M55 34q4.5 4.5 9 0', ink.ink, 2.2)
    : circle(40, 33, 2.8, ink.ink) +
      circle(60, 33, 2.8, ink.ink) +
      circle(41, 32, 0.9, '#ffffff') +
      circle(61, 32, 0.9, '#ffffff');
  return [
    ellipse(50, 43.5, isOtter ? 13 : 11, isOtter ? 8.5 : 7.5, ink.light),
    eyes,
    isOtter ? ellipse(50, 38.5, 5, 3.4, ink.ink) : path('M46.5 39.5h7l-3.5 4Z', ink.ink),
    line('M50 42.5v2.5q-3 3.5-6 1.5M50 45q3 3.5 6 1.5', ink.ink, 1.3),
    line('M38 43l-14-2M38 45.5l-13 2M62 43l14-2M62 45.5l13 2', ink.ink, 0.8, { opacity: 0.7 }),
    ellipse(34, 41, 3.4, 2.2, ink.accent, { opacity: 0.35 }),
    ellipse(66, 41, 3.4, 2.2, ink.accent, { opacity: 0.35 }),
  ].join('');
}

function paws(isOtter: boolean, ink: MotifInk): string {
  const feet =
    ellipse(40, 97.5, 8, 4, ink.main) +
    ellipse(60, 97.5, 8, 4, ink.main) +
    line('M38 98v-2M42 98v-2M58 98v-2M62 98v-2', ink.ink, 0.8, { opacity: 0.6 });
  if (!isOtter) return feet;
  return (
    feet +
    group(ellipse(36, 72, 4.5, 10, ink.shade), { transform: 'rotate(-32 36 72)' }) +
    group(ellipse(64, 72, 4.5, 10, ink.shade), { transform: 'rotate(32 64 72)' })
  );
}

function scarf(colour: string, ink: string): string {
  return (
    path('M55 58L70 84L60 88L49 60Z', colour) +
    path('M29 49Q50 63 71 49L73 57Q50 72 27 57Z', colour) +
    line('M60 77l8-3.5M62 81.5l8-3.5', '#ffffff', 1.2, { opacity: 0.7 }) +
    line('M31 56.5Q50 69.5 69 56.5', ink, 0.7, { opacity: 0.35 })
  );
}

export function owl(ink: MotifInk): string {
  const scallops = [62, 71, 80, 89]
    .map((y, row) =>
      line(`M${36 + (row % 2) * 4} ${y}q3.5 5 7 0q3.5 5 7 0q3.5 5 7 0${row % 2 ? '' : 'q3.5 5 7 0'}`, ink.shade, 1.6),
    )
    .join('');
  return [
    path(
      'M50 20C36 14 26 14 20 8C20 20 20 26 22 34C14 60 20 84 32 98H68C80 84 86 60 78 34C80 26 80 20 80 8C74 14 64 14 50 20Z',
      ink.main,
    ),
    path('M22 40C10 60 16 86 34 98C24 80 22 60 26 44ZM78 40C90 60 84 86 66 98C76 80 78 60 74 44Z', ink.shade),
    path('M34 56C40 52 60 52 66 56C72 72 66 92 58 97H42C34 92 28 72 34 56Z', ink.light),
    scallops,
    circle(38, 38, 13.5, ink.light) + circle(62, 38, 13.5, ink.light),
    circle(38.5, 38, 7, ink.accent) +
      circle(61.5, 38, 7, ink.accent) +
      circle(39, 38, 4, ink.ink) +
      circle(61, 38, 4, ink.ink),
    path('M46 44H54L50 54Z', ink.accent),
    line('M38 99v-4M43 99v-4M57 99v-4M62 99v-4', ink.accent, 2.4),
  ].join('');
}

export function bird(ink: MotifInk): string {
  return [
    path(
      'M4 62C20 60 26 48 34 40C42 28 58 24 70 32C80 30 86 36 96 40C86 42 82 46 80 52C76 72 58 84 38 80C26 78 16 70 4 62Z',
      ink.main,
    ),
    path('M10 62C34 70 54 64 64 46C60 74 36 82 22 72Z', ink.shade),
    path('M46 66C58 66 70 58 78 46C78 68 62 80 46 80Z', ink.light, { opacity: 0.8 }),
    circle(76, 39, 2.4, ink.ink),
    path('M84 35L97 40L83 43Z', ink.accent),
    line('M48 80v18M58 79v19M43 98h9M53 98h9', ink.ink, 1.8),
  ].join('');
}

export function fish(ink: MotifInk): string {
  const scales = [0, 1, 2, 3]
    .map((column) => line(`M${40 + column * 9} ${54 - 8 + Math.abs(column - 1) * 2}q5 6 0 12q5 6 0 12`, ink.shade, 1.8))
    .join('');
  return [
    path('M6 40C16 48 22 54 30 58C44 38 72 36 92 60C72 86 44 84 30 64C22 70 16 78 6 84C12 70 12 54 6 40Z', ink.main),
    path('M44 44C50 32 62 32 70 44C60 42 52 42 44 44ZM50 78C52 88 60 90 66 78Z', ink.shade),
    path('M36 66C50 82 74 80 92 60C78 70 54 74 36 66Z', ink.light, { opacity: 0.6 }),
    scales,
    circle(80, 55, 4.4, ink.light) + circle(80.6, 55, 2.4, ink.ink),
    line('M73 48q-6 11 0 22', ink.ink, 1.2, { opacity: 0.6 }),
  ].join('');
}
