import { SCENE_CLOCK, sceneClockBlocks } from "../../contract/scene-clock.ts";
import { type Canvas, colour, createCanvas, createMeasure, createPainter, type Extent } from "./canvas.ts";
import { drawPerson, LOOKS, type Look } from "./people.ts";
import { drawShop } from "./shop.ts";
import { peopleAt, SCENE, type Standing } from "./story.ts";

const CLOCK = { light: colour("#f4f8f9"), dark: colour("#14243a") };
const SHADOW = colour("#7d909e");

/** Draws the scene's pictures one after the other onto the same canvas; the shop itself only once. */
export function createScene(): { drawAt(clipMs: number): Canvas } {
  const canvas = createCanvas(SCENE.widthPx, SCENE.heightPx);
  const painter = createPainter(canvas);
  drawShop(painter);
  const empty = canvas.pixels.slice();
  return {
    drawAt(clipMs) {
      canvas.pixels.set(empty);
      const people = peopleAt(clipMs);
      for (const { feet, heightPx } of people)
        painter.ellipse([feet[0], feet[1] + 1], heightPx * 0.16, 5, SHADOW, 0.45);
      for (const person of people)
        drawPerson(painter, lookOf(person), person.pose, person.feet, person.heightPx);
      drawClock(canvas, clipMs);
      return canvas;
    },
  };
}

function drawClock(canvas: Canvas, clipMs: number): void {
  const painter = createPainter(canvas);
  const top = Math.round(canvas.heightPx * (1 - SCENE_CLOCK.heightFraction));
  const width = canvas.widthPx / SCENE_CLOCK.blocks;
  for (const [index, isLight] of sceneClockBlocks(clipMs).entries()) {
    const extent = { left: index * width, top, right: (index + 1) * width, bottom: canvas.heightPx };
    painter.panel(extent, 0, isLight ? CLOCK.light : CLOCK.dark);
  }
}

/** A person as the picture shows them. */
export type TrueBox = {
  trackId: number;
  /** Fractions of the picture, cut at its edges. */
  left: number;
  top: number;
  width: number;
  height: number;
  /** How much of the person is inside the picture, 0..1. */
  visible: number;
};

/** Who can be seen where, the furthest away first. */
export function trueBoxesAt(clipMs: number): TrueBox[] {
  return peopleAt(clipMs).flatMap((person) => {
    const measure = createMeasure();
    drawPerson(measure, lookOf(person), person.pose, person.feet, person.heightPx);
    const box = boxOf(measure.extent(), person.trackId);
    return box.visible > 0 ? [box] : [];
  });
}

function boxOf(whole: Extent, trackId: number): TrueBox {
  const left = Math.max(0, whole.left);
  const right = Math.max(left, Math.min(SCENE.widthPx, whole.right));
  const heightPx = whole.bottom - whole.top;
  return {
    trackId,
    left: left / SCENE.widthPx,
    top: whole.top / SCENE.heightPx,
    width: (right - left) / SCENE.widthPx,
    height: heightPx / SCENE.heightPx,
    visible: (right - left) / (whole.right - whole.left),
  };
}

function lookOf({ look }: Standing): Look {
  const found = LOOKS[look];
  if (found === undefined) throw new Error(`nobody looks like ${look}`);
  return found;
}
