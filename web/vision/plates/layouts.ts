/** The layouts of Brazil: three letters and four digits, or Mercosul's, where the fifth is a letter. */
export type PlateLayout = "old" | "mercosul";

const LAYOUTS: Record<PlateLayout, string> = { old: "LLLNNNN", mercosul: "LLLNLNN" };

/** Characters of a plate. */
export const SLOTS = 7;
/** What may stand in one: digits, then letters, in the order of the reader's classes. */
export const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS = 10;

export type DecodedPlate = {
  plate: string;
  layout: PlateLayout;
  /** Geometric mean of the chosen characters' probabilities. */
  confidence: number;
  /** Their plain mean: one doubtful character among sure ones hardly lowers it, noise it does. */
  mean: number;
};

/**
 * The likeliest plate. `slots`: shape [SLOTS, CHARACTERS.length], how likely each character is in each slot. In each
 * slot only what the layout allows is looked at, and the layout that fits better is taken.
 */
export function decodePlate(slots: ArrayLike<number>): DecodedPlate {
  const old = underLayout(slots, "old");
  const mercosul = underLayout(slots, "mercosul");
  return mercosul.confidence > old.confidence ? mercosul : old;
}

function underLayout(slots: ArrayLike<number>, layout: PlateLayout): DecodedPlate {
  let plate = "";
  let logSum = 0;
  let sum = 0;
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const [from, to] = LAYOUTS[layout][slot] === "L" ? [DIGITS, CHARACTERS.length] : [0, DIGITS];
    const start = slot * CHARACTERS.length;
    let best = from;
    for (let at = from + 1; at < to; at += 1) {
      if ((slots[start + at] ?? 0) > (slots[start + best] ?? 0)) best = at;
    }
    plate += CHARACTERS[best];
    sum += slots[start + best] ?? 0;
    logSum += Math.log(Math.max(slots[start + best] ?? 0, 1e-9));
  }
  return { plate, layout, confidence: Math.exp(logSum / SLOTS), mean: sum / SLOTS };
}
