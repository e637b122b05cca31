import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** An answer on its way may be older than what was just told: it is dropped, and asked for anew. */
export function askAgain(queries: QueryClient, queryKey: QueryKey): void {
  if (queries.isFetching({ queryKey }) === 0) return;
  // invalidating alone would keep the very first answer, for there is none before it
  void queries.cancelQueries({ queryKey }).then(() => queries.invalidateQueries({ queryKey }));
}
