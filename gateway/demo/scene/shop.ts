import { createRandom } from "../random.ts";
import { type Colour, colour, type Painter, type Point } from "./canvas.ts";
import { drawSign } from "./lettering.ts";

/** The floor begins here; nearer means further down. */
const FLOOR_TOP = 206;

const TINT = {
  wall: colour("#d9e7ea"),
  wallLow: colour("#c2d8dd"),
  trim: colour("#f4f8f9"),
  floor: colour("#e3e8ec"),
  floorLine: colour("#d0d8de"),
  navy: colour("#1f3350"),
  steel: colour("#8fa5b3"),
  steelDark: colour("#6c8494"),
  teal: colour("#2a8f96"),
  tealDark: colour("#1f747b"),
  white: colour("#fbfdfe"),
  glass: colour("#c4e3ee"),
  leaf: colour("#4f9d5d"),
  leafDark: colour("#3a7f4c"),
  mark: colour("#9fc5cf"),
};

const GOODS: Colour[] = [
  "#3f7fc1",
  "#5bb0a4",
  "#7fb13d",
  "#d3dd4a",
  "#c94f7c",
  "#7a63b8",
  "#f3f6f8",
  "#2e5f8f",
  "#8ecae6",
  "#b9d66b",
].map(colour);

/** Where the queue stands, the first at the till. Pixels of the feet. */
export const QUEUE_SPOTS: Point[] = [452, 394, 336, 278, 220].map((x) => [x, 292]);

/** Everything that stands still. */
export function drawShop(painter: Painter): void {
  drawRoom(painter);
  drawEntrance(painter);
  drawShelves(painter);
  drawCounter(painter);
  drawPlant(painter, [612, 214], 0.8);
  for (const x of [150, 290, 430]) drawLamp(painter, x);
  for (const [x, y] of QUEUE_SPOTS.slice(0, 4)) painter.ellipse([x, y + 3], 19, 5, TINT.mark, 0.75);
}

function drawRoom(painter: Painter): void {
  painter.panel({ left: 0, top: 0, right: 640, bottom: FLOOR_TOP }, 0, TINT.wall);
  painter.panel({ left: 0, top: 152, right: 640, bottom: FLOOR_TOP }, 0, TINT.wallLow);
  painter.panel({ left: 0, top: 148, right: 640, bottom: 152 }, 0, TINT.trim);
  painter.panel({ left: 0, top: FLOOR_TOP, right: 640, bottom: 360 }, 0, TINT.floor);
  for (let far = -480; far <= 1120; far += 96) {
    const near = 320 + (far - 320) * 2.1;
    painter.polygon(
      [
        [far, FLOOR_TOP],
        [far + 1, FLOOR_TOP],
        [near + 2, 360],
        [near, 360],
      ],
      TINT.floorLine,
    );
  }
  for (const y of [222, 243, 271, 308])
    painter.panel({ left: 0, top: y, right: 640, bottom: y + 1 }, 0, TINT.floorLine);
  painter.panel({ left: 0, top: FLOOR_TOP - 7, right: 640, bottom: FLOOR_TOP }, 0, TINT.trim);
}

function drawEntrance(painter: Painter): void {
  painter.panel({ left: 14, top: 66, right: 92, bottom: FLOOR_TOP }, 3, TINT.navy);
  for (const left of [19, 55]) {
    painter.panel({ left, top: 71, right: left + 32, bottom: FLOOR_TOP }, 1, TINT.glass);
    painter.polygon(
      [
        [left + 10, 71],
        [left + 20, 71],
        [left + 6, 200],
        [left, 200],
        [left, 170],
      ],
      TINT.white,
      0.35,
    );
  }
  painter.capsule([50, 132], [50, 156], 1.6, TINT.steel);
  painter.capsule([57, 132], [57, 156], 1.6, TINT.steel);
  painter.polygon(
    [
      [12, 212],
      [94, 212],
      [84, 238],
      [-14, 238],
    ],
    TINT.tealDark,
  );
  painter.polygon(
    [
      [14, 214],
      [90, 214],
      [82, 236],
      [-10, 236],
    ],
    TINT.teal,
  );
  drawSign(painter, { text: "ENTRADA", left: 13, top: 42, height: 17, ink: TINT.white, board: TINT.teal });
}

function drawShelves(painter: Painter): void {
  const random = createRandom(11);
  for (const [left, right] of [
    [118, 266],
    [278, 426],
  ] as const) {
    painter.panel({ left, top: 64, right, bottom: FLOOR_TOP + 4 }, 3, TINT.steelDark);
    painter.panel({ left: left + 4, top: 68, right: right - 4, bottom: FLOOR_TOP }, 1, colour("#b4c7d1"));
    for (const shelfTop of [102, 136, 170, 203]) {
      drawGoods(painter, random, left + 8, right - 8, shelfTop);
      painter.panel({ left: left + 2, top: shelfTop, right: right - 2, bottom: shelfTop + 4 }, 1, TINT.trim);
    }
  }
}

function drawGoods(painter: Painter, random: () => number, from: number, to: number, floor: number): void {
  for (let left = from; left < to - 10; ) {
    const width = 11 + Math.floor(random() * 8);
    const height = 15 + Math.floor(random() * 10);
    const count = 1 + Math.floor(random() * 3);
    const fill = GOODS[Math.floor(random() * GOODS.length)] ?? TINT.white;
    const isBottle = random() < 0.4;
    for (let one = 0; one < count && left < to - width; one++, left += width + 2) {
      if (isBottle) {
        painter.panel(
          {
            left: left + width / 2 - 1.6,
            top: floor - height,
            right: left + width / 2 + 1.6,
            bottom: floor - 6,
          },
          1,
          fill,
        );
        painter.panel({ left, top: floor - height * 0.68, right: left + width - 1, bottom: floor }, 3, fill);
      } else {
        painter.panel({ left, top: floor - height, right: left + width, bottom: floor }, 0, fill);
        const label = { left: left + 3, top: floor - 9, right: left + width - 3, bottom: floor - 4 };
        painter.panel(label, 0, TINT.white, 0.7);
      }
    }
    left += 4 + Math.floor(random() * 14);
  }
}

function drawCounter(painter: Painter): void {
  painter.ellipse([575, 288], 95, 7, colour("#a9b8c2"), 0.6);
  painter.panel({ left: 492, top: 222, right: 660, bottom: 288 }, 3, TINT.teal);
  for (let x = 506; x < 640; x += 33)
    painter.panel({ left: x, top: 232, right: x + 16, bottom: 280 }, 2, TINT.tealDark, 0.55);
  painter.panel({ left: 486, top: 212, right: 660, bottom: 224 }, 4, TINT.white);
  painter.panel({ left: 486, top: 221, right: 660, bottom: 224 }, 1, TINT.steel, 0.6);
  painter.panel({ left: 520, top: 196, right: 528, bottom: 213 }, 1, TINT.steelDark);
  painter.panel({ left: 512, top: 209, right: 536, bottom: 214 }, 2, TINT.steelDark);
  painter.panel({ left: 502, top: 160, right: 548, bottom: 198 }, 4, TINT.navy);
  painter.panel({ left: 506, top: 164, right: 544, bottom: 194 }, 2, colour("#2d6fa3"));
  painter.panel({ left: 510, top: 168, right: 530, bottom: 172 }, 1, TINT.white, 0.9);
  painter.panel({ left: 510, top: 176, right: 540, bottom: 179 }, 1, TINT.white, 0.5);
  painter.panel({ left: 510, top: 184, right: 524, bottom: 190 }, 2, colour("#7fd1a0"));
  painter.panel({ left: 560, top: 200, right: 584, bottom: 213 }, 2, TINT.steelDark);
  painter.panel({ left: 563, top: 190, right: 581, bottom: 204 }, 1, TINT.white);
  drawSign(painter, { text: "CAIXA", left: 500, top: 84, height: 24, ink: TINT.white, board: TINT.navy });
  for (const x of [514, 559]) painter.panel({ left: x, top: 0, right: x + 1.5, bottom: 86 }, 0, TINT.steel);
}

function drawLamp(painter: Painter, x: number): void {
  painter.panel({ left: x - 0.7, top: 0, right: x + 0.7, bottom: 24 }, 0, TINT.steelDark);
  painter.ellipse([x, 40], 20, 5, colour("#fbfbe6"));
  painter.polygon(
    [
      [x - 7, 22],
      [x + 7, 22],
      [x + 20, 39],
      [x - 20, 39],
    ],
    TINT.navy,
  );
}

function drawPlant(painter: Painter, [x, y]: Point, size: number): void {
  const leaf = (dx: number, dy: number, fill: Colour): void =>
    painter.capsule([x, y - 18 * size], [x + dx * size, y + dy * size], 2.5 * size, fill, 6.5 * size);
  leaf(-20, -44, TINT.leafDark);
  leaf(18, -48, TINT.leafDark);
  leaf(-9, -62, TINT.leaf);
  leaf(9, -60, TINT.leafDark);
  leaf(0, -50, TINT.leaf);
  painter.polygon(
    [
      [x - 13 * size, y - 22 * size],
      [x + 13 * size, y - 22 * size],
      [x + 9 * size, y],
      [x - 9 * size, y],
    ],
    TINT.white,
  );
  painter.panel(
    { left: x - 15 * size, top: y - 25 * size, right: x + 15 * size, bottom: y - 19 * size },
    1.5,
    TINT.mark,
  );
}
