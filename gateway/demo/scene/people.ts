import { type Colour, colour, type Painter, type Point } from "./canvas.ts";

export type HairStyle = "short" | "bun" | "long" | "cap" | "curly";

export type Look = {
  /** 1 is the ordinary height. */
  size: number;
  skin: Colour;
  hair: Colour;
  hairStyle: HairStyle;
  top: Colour;
  legs: Colour;
  shoes: Colour;
  carries: "nothing" | "basket" | "backpack" | "bag";
};

/** How somebody stands at one instant. `strideTurns` counts double steps; at rest `walking` is 0, at full pace 1. */
export type Pose = { facing: 1 | -1; walking: number; strideTurns: number; breathTurns: number };

const SKIN = {
  light: colour("#f0c29c"),
  tan: colour("#d8a078"),
  brown: colour("#b57c57"),
  dark: colour("#8a563a"),
};

/**
 * The skin tones share one hue, and nothing else in the shop has it: that is how the tiny detector knows a person. So no
 * wood, no orange, and no brown hair here.
 */
export const LOOKS: Look[] = [
  {
    size: 1.04,
    skin: SKIN.tan,
    hair: colour("#262a33"),
    hairStyle: "short",
    top: colour("#2f7fb8"),
    legs: colour("#33415c"),
    shoes: colour("#1d2433"),
    carries: "nothing",
  },
  {
    size: 0.95,
    skin: SKIN.dark,
    hair: colour("#1c1e26"),
    hairStyle: "bun",
    top: colour("#f2c230"),
    legs: colour("#2a6f6b"),
    shoes: colour("#f4f6f8"),
    carries: "bag",
  },
  {
    size: 1.1,
    skin: SKIN.light,
    hair: colour("#6d7480"),
    hairStyle: "short",
    top: colour("#3f9e6c"),
    legs: colour("#565f73"),
    shoes: colour("#272d3a"),
    carries: "backpack",
  },
  {
    size: 0.98,
    skin: SKIN.brown,
    hair: colour("#23212c"),
    hairStyle: "long",
    top: colour("#c8407a"),
    legs: colour("#2c3550"),
    shoes: colour("#e9edf2"),
    carries: "basket",
  },
  {
    size: 1.06,
    skin: SKIN.dark,
    hair: colour("#20222b"),
    hairStyle: "curly",
    top: colour("#eef1f4"),
    legs: colour("#3c6ea6"),
    shoes: colour("#2b313f"),
    carries: "nothing",
  },
  {
    size: 0.92,
    skin: SKIN.light,
    hair: colour("#3a4a8f"),
    hairStyle: "cap",
    top: colour("#7a5bb5"),
    legs: colour("#4a5266"),
    shoes: colour("#d9dee6"),
    carries: "basket",
  },
];

/** Lengths as parts of a person's height, the feet at 0, the top of the head near 1. */
const BODY = {
  head: 0.885,
  headRadius: 0.103,
  shoulder: 0.745,
  hip: 0.45,
  thigh: 0.235,
  shin: 0.215,
  arm: 0.155,
};

/** Draws with `feet` on the floor; `heightPx` is the height of somebody of size 1. */
export function drawPerson(painter: Painter, look: Look, pose: Pose, feet: Point, heightPx: number): void {
  const height = heightPx * look.size;
  const stride = pose.strideTurns * 2 * Math.PI;
  const breath = Math.sin(pose.breathTurns * 2 * Math.PI) * 0.004 * (1 - pose.walking);
  const bob = Math.abs(Math.sin(stride)) * 0.014 * pose.walking + breath;
  /** Body coordinates, `forward` where the person looks, to pixels. */
  const at = (forward: number, up: number): Point => [
    feet[0] + forward * pose.facing * height,
    feet[1] - up * height,
  ];
  const px = (part: number): number => part * height;
  const swing = Math.sin(stride) * 0.5 * pose.walking;

  drawArm(painter, look, at, px, -swing * 0.9, bob, true);
  drawLeg(painter, look, at, px, -swing, stride + Math.PI, pose.walking, true);
  drawLeg(painter, look, at, px, swing, stride, pose.walking, false);
  if (look.carries === "backpack") {
    painter.capsule(at(-0.105, 0.69 + bob), at(-0.1, 0.54 + bob), px(0.062), colour("#27406b"));
  }
  painter.capsule(at(0, BODY.shoulder - 0.045 + bob), at(0, BODY.hip + 0.03), px(0.088), look.top, px(0.08));
  painter.capsule(at(0, 0.79 + bob), at(0, 0.75 + bob), px(0.036), shade(look.skin, 0.93));
  drawHead(painter, look, at, px, bob);
  drawArm(painter, look, at, px, swing * 0.9, bob, false);
}

type ToPoint = (forward: number, up: number) => Point;
type ToPx = (part: number) => number;

function drawLeg(
  painter: Painter,
  look: Look,
  at: ToPoint,
  px: ToPx,
  swing: number,
  stride: number,
  walking: number,
  isFar: boolean,
): void {
  const fill = isFar ? shade(look.legs, 0.8) : look.legs;
  const bend = (0.12 + Math.max(0, Math.cos(stride)) * 0.75) * walking;
  const apart = isFar ? 0.022 * (1 - walking) : -0.022 * (1 - walking);
  const hip: Point = [apart, BODY.hip];
  const knee: Point = [hip[0] + Math.sin(swing) * BODY.thigh, hip[1] - Math.cos(swing) * BODY.thigh];
  const lower = swing - bend;
  const ankle: Point = [knee[0] + Math.sin(lower) * BODY.shin, knee[1] - Math.cos(lower) * BODY.shin];
  painter.capsule(at(...hip), at(...knee), px(0.06), fill, px(0.048));
  painter.capsule(at(...knee), at(...ankle), px(0.047), fill, px(0.037));
  const toe = lower * 0.4;
  painter.capsule(
    at(ankle[0] - 0.008, ankle[1] - 0.02),
    at(ankle[0] + Math.cos(toe) * 0.06, ankle[1] - 0.022 + Math.sin(toe) * 0.06),
    px(0.026),
    isFar ? shade(look.shoes, 0.8) : look.shoes,
    px(0.022),
  );
}

function drawArm(
  painter: Painter,
  look: Look,
  at: ToPoint,
  px: ToPx,
  swing: number,
  bob: number,
  isFar: boolean,
): void {
  const holds = !isFar && (look.carries === "basket" || look.carries === "bag");
  const upper = holds ? swing * 0.3 : swing;
  const lower = upper + (holds ? 0.5 : 0.22 + Math.max(0, swing) * 0.4);
  const shoulder: Point = [isFar ? 0.015 : -0.012, BODY.shoulder - 0.055 + bob];
  const elbow: Point = [shoulder[0] + Math.sin(upper) * BODY.arm, shoulder[1] - Math.cos(upper) * BODY.arm];
  const hand: Point = [elbow[0] + Math.sin(lower) * 0.135, elbow[1] - Math.cos(lower) * 0.135];
  const sleeve = isFar ? shade(look.top, 0.82) : shade(look.top, 0.91);
  if (holds) drawCarried(painter, look, at, px, hand);
  painter.capsule(at(...shoulder), at(...elbow), px(0.039), sleeve, px(0.034));
  painter.capsule(at(...elbow), at(...hand), px(0.033), sleeve, px(0.029));
  painter.circle(at(...hand), px(0.03), isFar ? shade(look.skin, 0.88) : look.skin);
}

function drawCarried(painter: Painter, look: Look, at: ToPoint, px: ToPx, [x, y]: Point): void {
  if (look.carries === "bag") {
    painter.capsule(at(x, y), at(x, y - 0.06), px(0.012), colour("#23756f"));
    painter.capsule(at(x - 0.03, y - 0.11), at(x + 0.03, y - 0.11), px(0.045), colour("#2f9088"));
    return;
  }
  painter.circle(at(x - 0.03, y - 0.035), px(0.034), colour("#7fb13d"));
  painter.circle(at(x + 0.035, y - 0.03), px(0.032), colour("#d9455f"));
  painter.capsule(at(x - 0.06, y - 0.075), at(x + 0.06, y - 0.075), px(0.036), colour("#3565a8"));
}

function drawHead(painter: Painter, look: Look, at: ToPoint, px: ToPx, bob: number): void {
  const up = BODY.head + bob;
  const radius = BODY.headRadius;
  if (look.hairStyle === "long") {
    painter.capsule(at(-0.055, up + 0.02), at(-0.07, up - 0.115), px(0.07), look.hair, px(0.05));
  }
  if (look.hairStyle === "bun") painter.circle(at(-0.075, up + 0.1), px(0.05), look.hair);
  if (look.hairStyle === "curly") {
    for (const [x, y] of [
      [-0.09, 0.0],
      [-0.095, 0.055],
      [-0.06, 0.1],
      [-0.01, 0.115],
      [0.04, 0.1],
    ] as const) {
      painter.circle(at(x, up + y), px(0.045), look.hair);
    }
  }
  painter.circle(at(-0.016, up + 0.016), px(radius + 0.004), look.hair);
  painter.ellipse(at(0.012, up - 0.012), px(radius * 0.9), px(radius * 0.88), look.skin);
  if (look.hairStyle === "cap") {
    painter.capsule(at(-0.045, up + 0.072), at(0.06, up + 0.062), px(0.04), look.hair, px(0.03));
    painter.capsule(at(0.06, up + 0.05), at(0.135, up + 0.045), px(0.013), shade(look.hair, 0.85));
  } else {
    painter.capsule(at(-0.05, up + 0.07), at(0.05, up + 0.078), px(0.038), look.hair, px(0.024));
  }
  painter.circle(at(-0.028, up - 0.018), px(0.02), shade(look.skin, 0.9));
  painter.circle(at(0.058, up - 0.002), px(0.0115), colour("#22242e"));
  const mouth = shade(look.skin, 0.7);
  painter.capsule(at(0.034, up - 0.05), at(0.056, up - 0.06), px(0.0065), mouth);
  painter.capsule(at(0.056, up - 0.06), at(0.078, up - 0.048), px(0.0065), mouth);
}

function shade([red, green, blue]: Colour, factor: number): Colour {
  return [red * factor, green * factor, blue * factor];
}
