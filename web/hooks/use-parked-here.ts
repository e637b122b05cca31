import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Correction, DiscardedHere, ParkedHere, WhichParked } from "../sync/sync.ts";
import { queryKeys } from "./query-keys.ts";
import { useServices } from "./services.ts";
import { useSync } from "./use-sync.ts";

export type { DiscardedHere, ParkedHere } from "../sync/sync.ts";

/** Events of this browser that wait for a person, and what such a person gave up; read anew when their number changes. */
export function useParkedHere(): { parked: ParkedHere[]; discarded: DiscardedHere[] } | null {
  const { sync } = useServices();
  const { parked, discarded } = useSync().sync.ledger;
  const { data } = useQuery({
    queryKey: [...queryKeys.parkedHere, parked, discarded],
    queryFn: async () => {
      const events = await sync.parked();
      return { parked: await events.list(), discarded: await events.discarded() };
    },
    placeholderData: (before) => before,
  });
  return data ?? null;
}

/** What a person does about them. */
export function useParkedHereChanges() {
  const { sync } = useServices();
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: queryKeys.parkedHere });
  return {
    retry: useMutation({
      mutationFn: async (which: WhichParked) => (await sync.parked()).retry(which),
      onSuccess,
    }),
    discard: useMutation({
      mutationFn: async ({ which, reason }: { which: WhichParked; reason: string }) =>
        (await sync.parked()).discard(which, reason),
      onSuccess,
    }),
    correct: useMutation({
      mutationFn: async ({ receiptId, ...correction }: { receiptId: string } & Correction) =>
        (await sync.parked()).correct(receiptId, correction),
      onSuccess,
    }),
  };
}
