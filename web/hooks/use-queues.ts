import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { queryKeys } from "./query-keys.ts";
import { type QueueBoard, withQueueEvents } from "./queue-board.ts";
import { useServices } from "./services.ts";
import { useStation } from "./use-station.ts";

export { type QueueBoard, ruleOfRunningQueue } from "./queue-board.ts";

/** The same object each time: a tile is drawn again when its board is another one. */
const NO_QUEUES: QueueBoard = {};

/** Enough for the newest event of every camera of a shop. */
const LOOK_BACK_EVENTS = 200;

/**
 * Where queues run now. While this page's own station works its word alone counts: what the gateway holds may be the
 * start of a queue whose station was closed before the end.
 */
export function useQueueBoard(): QueueBoard {
  const { api, station } = useServices();
  const isOwn = useStation().status === "running";
  const own = useSyncExternalStore(station.onQueues, station.queues);
  const { data } = useQuery({
    queryKey: queryKeys.queues,
    queryFn: async ({ signal }) => {
      const { events } = await api.events({ event_name: "queue.detected", limit: LOOK_BACK_EVENTS }, signal);
      return withQueueEvents({}, events);
    },
    enabled: !isOwn,
  });
  return isOwn ? own : (data ?? NO_QUEUES);
}
