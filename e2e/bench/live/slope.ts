/** One value at an instant. */
export type Point = { atMs: number; value: number };

/**
 * By how much the values rise in an hour: the straight line of least squares, and its standard error. Throws with fewer
 * than 3 points.
 */
export function slopePerHour(points: Point[]): { slope: number; error: number } {
  if (points.length < 3) throw new Error(`a slope needs 3 points, there are ${points.length}`);
  const hours = points.map(({ atMs }) => atMs / 3_600_000);
  const values = points.map(({ value }) => value);
  const [middleHour, middleValue] = [mean(hours), mean(values)];
  const spread = sum(hours.map((hour) => (hour - middleHour) ** 2));
  const together = hours.map((hour, index) => (hour - middleHour) * ((values[index] ?? 0) - middleValue));
  const slope = sum(together) / spread;
  const left = values.map((value, index) => value - middleValue - slope * ((hours[index] ?? 0) - middleHour));
  const variance = sum(left.map((rest) => rest ** 2)) / (points.length - 2);
  return { slope, error: Math.sqrt(variance / spread) };
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: number[]): number => sum(values) / values.length;
