export type Figure = { name: string; value: number; unit: string };

/** What a user gave cannot be used. Its message is all there is to say, not where in the program it was found. */
export class InputError extends Error {}

/** Collects figures and prints each as `name: value unit` when it is known. */
export function createReport(print: (line: string) => void) {
  const figures: Figure[] = [];
  const failures: string[] = [];
  return {
    figures,
    /** Names of what was tried and did not succeed. */
    failures,
    add(name: string, value: number, unit: string): void {
      const rounded = Number(value.toPrecision(4));
      figures.push({ name, value: rounded, unit });
      print(`${name}: ${rounded} ${unit}`);
    },
    /** A figure that this machine cannot give, and why. */
    skip(name: string, reason: string): void {
      print(`${name}: skipped (${reason})`);
    },
    /** A figure that should have come: the rest is still measured, and the whole run counts as failed. */
    fail(name: string, reason: string): void {
      failures.push(name);
      print(`${name}: failed (${reason})`);
    },
    note(text: string): void {
      print(`# ${text}`);
    },
  };
}
export type Report = ReturnType<typeof createReport>;

/** `rounds`: how often what is noisy is repeated. `minutes`: how long what creeps is watched. */
export type BenchOptions = {
  rounds: number;
  minutes: number;
  /** Rounds in which something is made to fail, and the seed that plans them. */
  faultRounds: number;
  seed: number;
  /** Folders of a user's own labelled pictures, in place of those beside the project. */
  plates?: string | undefined;
  boxes?: string | undefined;
};

/** One measurement; the harness runs them one after the other. */
export type Bench = { name: string; run(report: Report, options: BenchOptions): Promise<void> };

/** The value below which `fraction` of the values lie. Throws on an empty list. */
export function quantile(values: number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))];
  if (value === undefined) throw new Error("nothing was measured");
  return value;
}
