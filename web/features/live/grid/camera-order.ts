/**
 * The cameras as a person arranged them. A camera that the order does not name comes after those it names, in the
 * list's own order: one that is added appears at the end, one that is removed leaves the others as they stand.
 */
export function inOrder<C extends { id: string }>(cameras: C[], order: string[]): C[] {
  if (order.length === 0) return cameras;
  const placeOf = new Map(order.map((id, place) => [id, place]));
  const place = ({ id }: C) => placeOf.get(id) ?? Number.POSITIVE_INFINITY;
  return cameras.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
}

/**
 * The order to keep after the cameras shown were arranged as `ids`. Cameras that are away now (a demonstration's, or a
 * list that has not come whole) keep their place behind the one they stood behind.
 */
export function keptOrder(ids: string[], before: string[]): string[] {
  const kept = [...ids];
  const shown = new Set(ids);
  before.forEach((id, place) => {
    if (shown.has(id)) return;
    const behind = kept.indexOf(before[place - 1] ?? "");
    kept.splice(behind + 1, 0, id);
  });
  return kept;
}
