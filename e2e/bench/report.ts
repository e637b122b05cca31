export type Figure = { name: string; value: number; unit: string };

/** Collects figures and prints each as `name: value unit` when it is known. */
export function createReport(print: (line: string) => void) {
  const figures: Figure[] = [];
  return {
    figures,
    add(name: string, value: number, unit: string): void {
      const rounded = Number(value.toPrecision(4));
      figures.push({ name, value: rounded, unit });
      print(`${name}: ${rounded} ${unit}`);
    },
    /** A figure that this machine cannot give, and why. */
    skip(name: string, reason: string): void {
      print(`${name}: skipped (${reason})`);
    },
    note(text: string): void {
      print(`# ${text}`);
    },
  };
}
export type Report = ReturnType<typeof createReport>;

/** One measurement; the harness runs them one after the other. */
export type Bench = { name: string; run(report: Report): Promise<void> };

/** The value below which `fraction` of the values lie. Throws on an empty list. */
export function quantile(values: number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))];
  if (value === undefined) throw new Error("nothing was measured");
  return value;
}
