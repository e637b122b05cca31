import { z } from "zod";
import type { EventRecord } from "#contract/events.ts";

const Named = z.object({ media_id: z.uuid() });

/** The picture that an event names: in its payload where its form has room for one, else in `meta`. Null without one. */
export function mediaIdOf({ payload, meta }: Pick<EventRecord, "payload" | "meta">): string | null {
  return Named.safeParse(payload).data?.media_id ?? Named.safeParse(meta).data?.media_id ?? null;
}
