import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type {
  NewSink,
  ParkedCorrection,
  ParkedDiscard,
  ParkedEvent,
  ParkedRetry,
  Sink,
  SinkChange,
} from "#contract/sinks.ts";
import { createSinksApi } from "../api/sinks-api.ts";
import { queryKeys } from "./query-keys.ts";
import { useApi } from "./use-api.ts";

/** Sums move all the time; nobody is told by the feed. */
const ASK_EVERY_MS = 3_000;

const useSinksApi = () => createSinksApi(useApi().calls);

export type SinkListState =
  | { status: "loading" }
  | { status: "failed"; retry: () => void }
  /** `isStale`: the gateway was asked again and did not answer. */
  | { status: "ready"; sinks: Sink[]; isStale: boolean };

/** Where events go, and how each does. */
export function useSinks(): SinkListState {
  const api = useSinksApi();
  const { data, isError, refetch } = useQuery({
    queryKey: queryKeys.sinks,
    queryFn: ({ signal }) => api.sinks(signal),
    refetchInterval: ASK_EVERY_MS,
  });
  if (data) return { status: "ready", sinks: data, isStale: isError };
  if (isError) return { status: "failed", retry: () => void refetch() };
  return { status: "loading" };
}

/** Adding, changing, pausing, removing sinks; the list is asked for anew after each. */
export function useSinkChanges() {
  const api = useSinksApi();
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: queryKeys.sinks });
  return {
    add: useMutation({ mutationFn: (sink: NewSink) => api.addSink(sink), onSuccess }),
    change: useMutation({
      mutationFn: ({ id, change }: { id: string; change: SinkChange }) => api.changeSink(id, change),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => api.removeSink(id), onSuccess }),
    pause: useMutation({
      mutationFn: ({ id, isPaused }: { id: string; isPaused: boolean }) => api.pauseSink(id, isPaused),
      onSuccess,
    }),
  };
}

/** Sends a test event to a sink; what it met is the mutation's data. */
export function useSinkTest(id: string) {
  const api = useSinksApi();
  return useMutation({ mutationFn: () => api.testSink(id) });
}

export type ParkedListState =
  | { status: "loading" }
  | { status: "failed"; retry: () => void }
  | { status: "ready"; parked: ParkedEvent[]; more: { load: () => void; isLoading: boolean } | null };

/** What a sink refused for good, oldest first. */
export function useParked(sinkId: string): ParkedListState {
  const api = useSinksApi();
  const query = useInfiniteQuery({
    queryKey: queryKeys.parked(sinkId),
    queryFn: ({ pageParam, signal }) => api.parked(sinkId, pageParam, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: ASK_EVERY_MS,
  });
  if (query.data) {
    const more = query.hasNextPage
      ? { load: () => void query.fetchNextPage(), isLoading: query.isFetchingNextPage }
      : null;
    return { status: "ready", parked: query.data.pages.flatMap((page) => page.parked), more };
  }
  if (query.isError) return { status: "failed", retry: () => void query.refetch() };
  return { status: "loading" };
}

type Which = z.input<typeof ParkedRetry>["seqs"];

/** What a person does about parked events of a sink. */
export function useParkedChanges(sinkId: string) {
  const api = useSinksApi();
  const queries = useQueryClient();
  const onSuccess = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: queryKeys.parked(sinkId) }),
      queries.invalidateQueries({ queryKey: queryKeys.sinks }),
    ]);
  return {
    retry: useMutation({ mutationFn: (seqs: Which) => api.retryParked(sinkId, { seqs }), onSuccess }),
    discard: useMutation({
      mutationFn: (which: z.input<typeof ParkedDiscard>) => api.discardParked(sinkId, which),
      onSuccess,
    }),
    correct: useMutation({
      mutationFn: ({ seq, ...correction }: { seq: number } & z.input<typeof ParkedCorrection>) =>
        api.correctParked(sinkId, seq, correction),
      onSuccess,
    }),
  };
}
