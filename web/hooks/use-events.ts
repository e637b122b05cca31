import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import type { EventPage, StoredEvent } from "#contract/events.ts";
import { type EventFilter, queryKeys } from "./query-keys.ts";
import { useApi } from "./use-api.ts";

export type { EventFilter } from "./query-keys.ts";
export type EventPages = InfiniteData<EventPage, string | undefined>;

const PAGE_EVENTS = 50;

export type EventListState =
  | { status: "loading" }
  | { status: "failed"; retry: () => void }
  | { status: "ready"; events: StoredEvent[]; older: { load: () => void; isLoading: boolean } | null };

/** Stored events, newest first; new ones come on top by the feed. */
export function useEvents(filter: EventFilter): EventListState {
  const api = useApi();
  const query = useInfiniteQuery({
    queryKey: queryKeys.events(filter),
    queryFn: ({ pageParam, signal }) =>
      api.events({ ...filter, limit: PAGE_EVENTS, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor,
  });
  if (query.data) {
    const older = query.hasNextPage
      ? { load: () => void query.fetchNextPage(), isLoading: query.isFetchingNextPage }
      : null;
    return { status: "ready", events: query.data.pages.flatMap((page) => page.events), older };
  }
  if (query.isError) return { status: "failed", retry: () => void query.refetch() };
  return { status: "loading" };
}
