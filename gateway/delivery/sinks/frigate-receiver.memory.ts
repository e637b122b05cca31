import { type Asked, type FaultyServer, type Reply, startFaultyServer } from "./faulty-server.memory.ts";

export type FrigateRow = {
  id: string;
  camera: string;
  label: string;
  sub_label: string | null;
  start_time: number;
  end_time: number | null;
};

export type FrigateReceiverOptions = {
  cameras: string[];
  /** Of a request without this `Authorization` it takes nothing. */
  authorization?: string;
  /** Between its answer and what it says of itself: it answers a `create` before it writes. */
  writesAfterMs?: number;
};

export type FrigateReceiver = FaultyServer & {
  /** What it has written, in the order of writing. Outlives `kill`; what it had not written yet does not. */
  rows: ReadonlyMap<string, FrigateRow>;
  /** How often it was told to end something. */
  ends(): number;
  /** It answers and writes nothing, until it goes on, or is killed and forgets it. */
  holdWriting(): void;
  goOnWriting(): void;
};

/** Its pictures begin so long before an event. */
const PRE_CAPTURE_S = 5;

/** The part of Frigate's HTTP API (0.14 to 0.18) that makes, ends and lists manual events, as its source has it. */
export async function startFrigateReceiver(options: FrigateReceiverOptions): Promise<FrigateReceiver> {
  const { cameras, authorization, writesAfterMs = 0 } = options;
  const rows = new Map<string, FrigateRow>();
  const unwritten = new Set<NodeJS.Timeout>();
  let held: FrigateRow[] | null = null;
  let made = 0;
  let ends = 0;

  function handle(asked: Asked): Reply {
    if (authorization !== undefined && asked.headers.authorization !== authorization) {
      return json(401, { message: "Unauthorized" });
    }
    const [, ...path] = asked.url.pathname.slice(1).split("/").map(decodeURIComponent);
    const route = `${asked.method} ${path.length} ${path[0]} ${path.at(-1)}`;
    if (route === "POST 4 events create") return create(path[1] ?? "", path[2] ?? "", asked);
    if (route === "PUT 3 events end") return end(path[1] ?? "", asked);
    if (route === "GET 1 events events") return search(asked.url.searchParams);
    if (route === "GET 1 event_ids event_ids") return byIds(asked.url.searchParams);
    return json(404, { detail: "Not Found" });
  }

  function create(camera: string, label: string, { body }: Asked): Reply {
    if (!cameras.includes(camera)) {
      return json(404, { success: false, message: `${camera} is not a valid camera.` });
    }
    const { sub_label = null, duration = 30 } = JSON.parse(body.toString());
    if (duration !== null && !Number.isInteger(duration)) return json(422, { detail: "duration" });
    const nowS = Date.now() / 1_000;
    made += 1;
    const id = `${nowS.toFixed(6)}-${made.toString(36).padStart(6, "0")}`;
    const end_time = duration === null ? null : nowS + duration;
    write({ id, camera, label, sub_label, start_time: nowS - PRE_CAPTURE_S, end_time });
    return json(200, { success: true, message: "Successfully created event.", event_id: id });
  }

  function write(row: FrigateRow): void {
    const timer = setTimeout(() => {
      unwritten.delete(timer);
      if (held) held.push(row);
      else rows.set(row.id, row);
    }, writesAfterMs);
    unwritten.add(timer);
  }

  function end(id: string, { body }: Asked): Reply {
    const row = rows.get(id);
    if (!row) return json(404, { success: false, message: `Event ${id} not found.` });
    const { end_time = Date.now() / 1_000 } = JSON.parse(body.toString());
    if (end_time < row.start_time) return json(400, { success: false, message: "end_time is before start" });
    ends += 1;
    row.end_time = end_time;
    return json(200, { success: true, message: "Event successfully ended." });
  }

  function search(query: URLSearchParams): Reply {
    const wanted = query.get("sub_labels")?.split(",") ?? [];
    const found = [...rows.values()].filter(({ sub_label }) => wanted.includes(sub_label ?? "None"));
    return json(200, found.slice(0, Number(query.get("limit") ?? 100)));
  }

  function byIds(query: URLSearchParams): Reply {
    const ids = query.get("ids")?.split(",") ?? [];
    return json(
      200,
      ids.flatMap((id) => rows.get(id) ?? []),
    );
  }

  const server = await startFaultyServer(handle);
  return {
    ...server,
    rows,
    ends: () => ends,
    holdWriting: () => {
      held = [];
    },
    goOnWriting: () => {
      for (const row of held ?? []) rows.set(row.id, row);
      held = null;
    },
    kill: async () => {
      await server.kill();
      for (const timer of unwritten) clearTimeout(timer);
      unwritten.clear();
      held = null;
    },
  };
}

const json = (status: number, body: unknown): Reply => ({ status, body: JSON.stringify(body) });
