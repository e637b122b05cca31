export type Random = {
  /** 0 to 1, 1 left out. */
  fraction(): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  chance(of: number): boolean;
  oneOf<T>(list: readonly T[]): T;
};

/** The same numbers for the same seeds, on every machine: mulberry32, after a mix of the seeds. */
export function createRandom(...seeds: number[]): Random {
  let state = seeds.reduce(
    (mixed, seed) => Math.imul(mixed ^ seed, 0x9e37_79b1) ^ (mixed >>> 15),
    0x6d2b_79f5,
  );

  function fraction(): number {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  return {
    fraction,
    between: (least, most) => least + Math.floor(fraction() * (most - least + 1)),
    chance: (of) => fraction() < of,
    oneOf(list) {
      const value = list[Math.floor(fraction() * list.length)];
      if (value === undefined) throw new Error("nothing to choose from");
      return value;
    },
  };
}
