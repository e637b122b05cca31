/**
 * Whether a write to IndexedDB failed because the browser gives no more room. The reason may stand in the error itself,
 * inside of it (a transaction that was aborted), or among the failures of a bulk write.
 */
export function isOutOfRoom(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  // whatever was thrown: each part is checked
  const { name, inner, failures } = error as { name?: unknown; inner?: unknown; failures?: unknown };
  if (name === "QuotaExceededError") return true;
  return isOutOfRoom(inner) || (Array.isArray(failures) && failures.some(isOutOfRoom));
}
