import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Changes what is known by what was just told. An answer on its way may be older than that, and is changed likewise
 * when it comes; so `change` must bear being applied to what holds it already. Undefined stays unknown.
 */
export function putTold<Known>(
  queries: QueryClient,
  queryKey: QueryKey,
  change: (known: Known | undefined) => Known | undefined,
): void {
  const put = () => void queries.setQueryData<Known>(queryKey, change);
  put();
  if (queries.isFetching({ queryKey, exact: true }) === 0) return;
  const onItsWay = queries.getQueryCache().find({ queryKey })?.fetch(); // begins none: it joins the one that runs
  onItsWay?.then(put, () => {}); // no answer, nothing to change: the next one is asked for later
}

/** What was told says only that something changed: an answer on its way may be older, is dropped, and asked for anew. */
export function askAnew(queries: QueryClient, queryKey: QueryKey): void {
  // invalidating alone would keep the very first answer, for there is none before it
  void queries.cancelQueries({ queryKey }).then(() => queries.invalidateQueries({ queryKey }));
}
