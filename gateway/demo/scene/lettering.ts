import type { Colour, Painter, Point } from "./canvas.ts";

/** Strokes of the letters the shop's signs need, on a grid of 4 by 6. */
const STROKES: Record<string, Point[][]> = {
  A: [
    [
      [0, 6],
      [2, 0],
      [4, 6],
    ],
    [
      [0.9, 4],
      [3.1, 4],
    ],
  ],
  C: [
    [
      [4, 1],
      [3, 0],
      [1, 0],
      [0, 1.5],
      [0, 4.5],
      [1, 6],
      [3, 6],
      [4, 5],
    ],
  ],
  D: [
    [
      [0, 0],
      [0, 6],
      [2.4, 6],
      [4, 4.4],
      [4, 1.6],
      [2.4, 0],
      [0, 0],
    ],
  ],
  E: [
    [
      [4, 0],
      [0, 0],
      [0, 6],
      [4, 6],
    ],
    [
      [0, 3],
      [3.2, 3],
    ],
  ],
  I: [
    [
      [2, 0],
      [2, 6],
    ],
  ],
  N: [
    [
      [0, 6],
      [0, 0],
      [4, 6],
      [4, 0],
    ],
  ],
  R: [
    [
      [0, 6],
      [0, 0],
      [3, 0],
      [4, 1],
      [4, 2.2],
      [3, 3.2],
      [0, 3.2],
    ],
    [
      [2.2, 3.2],
      [4, 6],
    ],
  ],
  T: [
    [
      [0, 0],
      [4, 0],
    ],
    [
      [2, 0],
      [2, 6],
    ],
  ],
  X: [
    [
      [0, 0],
      [4, 6],
    ],
    [
      [4, 0],
      [0, 6],
    ],
  ],
};

type Sign = { text: string; left: number; top: number; height: number; ink: Colour; board: Colour };

/** A board with a word on it; `height` is the board's, its width follows from the word. */
export function drawSign(painter: Painter, { text, left, top, height, ink, board }: Sign): void {
  const unit = height / 11;
  const width = text.length * 6 * unit + 4 * unit;
  painter.panel({ left, top, right: left + width, bottom: top + height }, unit * 2, board);
  for (const [index, letter] of [...text].entries()) {
    const at = ([x, y]: Point): Point => [left + (3 + index * 6 + x) * unit, top + (2.5 + y) * unit];
    for (const stroke of STROKES[letter] ?? []) {
      stroke.slice(1).forEach((to, before) => {
        painter.capsule(at(stroke[before] ?? to), at(to), unit * 0.55, ink);
      });
    }
  }
}
