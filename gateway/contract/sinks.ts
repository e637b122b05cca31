import { z } from "zod";
import { EventName, EventRecord } from "./events.ts";
import { Ledger } from "./ledger.ts";
import { ToldTrouble } from "./sink-troubles.ts";

/** Where events go: one receiving end outside. */

const url = (protocol: RegExp) =>
  z
    .url({ protocol })
    .max(2_000)
    .refine(
      (text) => !/^[^:]+:[/\\]*[^/\\?#@]*:[^/\\?#]*@/.test(text),
      "the password has a field of its own",
    );

const httpUrl = url(/^https?$/).refine(
  (text) => !/^[^:]+:[/\\]*[^/\\?#]*@/.test(text),
  "a user's name goes into the authorization",
);
const headerValue = z
  .string()
  .max(2_000)
  .regex(/^[\t\x20-\x7e]*$/, "printable ASCII only");
const name = z.string().trim().min(1).max(200);
/** Write-only: given once, sealed on disk, never sent to a browser. */
const secret = z.string().min(1).max(4_000);

/** JSON batches to any HTTP receiver; with `isHub` another gateway, which answers per receipt. */
const http = z.strictObject({
  kind: z.literal("http"),
  url: httpUrl,
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/), headerValue).default({}),
  isGzipped: z.boolean().default(false),
  isHub: z.boolean().default(false),
});

type Columns = Partial<Record<keyof EventRecord, string | null>>;

/** Each field that is sent, and its column. */
export function supabaseColumns(columns: Columns): Partial<Record<keyof EventRecord, string>> {
  const named = EventRecord.keyof().options.map((field) => [
    field,
    columns[field] === undefined ? field : columns[field],
  ]);
  return Object.fromEntries(named.filter(([, column]) => column !== null));
}

const isDistinct = (texts: string[]): boolean => new Set(texts).size === texts.length;

/** PostgREST: rows of `table`, each receipt once. */
const supabase = z.strictObject({
  kind: z.literal("supabase"),
  url: httpUrl,
  schema: name.default("public"),
  table: name.default("guarita_events"),
  /** A field of the record to its column, where the names differ; null leaves the field out. */
  columns: z
    .partialRecord(EventRecord.keyof(), name.nullable())
    .refine(({ receipt_id }) => receipt_id !== null, "receipt_id cannot be left out")
    .refine((columns) => isDistinct(Object.values(supabaseColumns(columns))), "two fields in one column")
    .default({}),
});

/** No wildcards, nothing in braces but the four names, and not the broker's own `$` topics. */
const topicTemplate = name.regex(
  /^(?!\$)(?:[^+#{}\0]|\{(?:store_id|camera_id|zone_id|event_name)\})+$/,
  "a topic has no + or #, and only {store_id}, {camera_id}, {zone_id} and {event_name} in braces",
);

const mqtt = z.strictObject({
  kind: z.literal("mqtt"),
  url: url(/^(mqtt|ws)s?$/),
  username: z.string().max(200).default(""),
  clientId: z.string().max(120).default(""),
  /** Templates; `{store_id}`, `{camera_id}`, `{zone_id}` and `{event_name}` are filled in. */
  topics: z.array(topicTemplate).min(1).max(10).default(["guarita/{store_id}/{camera_id}/{event_name}"]),
  /** The last health of each camera, retained. */
  retainsState: z.boolean().default(true),
});

const amqp = z.strictObject({
  kind: z.literal("amqp"),
  url: url(/^amqps?$/),
  username: z.string().max(200).default(""),
  /** Topic exchange; the routing key is the event's name. */
  exchange: name.default("guarita_events"),
  /** Direct exchange for what vision noticed. */
  visionExchange: name.default("vision_events"),
  /** Topic exchange for changes of the camera list. */
  cameraExchange: name.default("camera_events"),
});

const frigate = z.strictObject({
  kind: z.literal("frigate"),
  url: httpUrl,
  /** Guarita's camera id to Frigate's name; a camera that is missing goes by its name as Frigate would write it. */
  cameras: z.record(z.uuid(), name).default({}),
});

export const SinkTarget = z.discriminatedUnion("kind", [http, supabase, mqtt, amqp, frigate]);
export type SinkTarget = z.infer<typeof SinkTarget>;
export type SinkKind = SinkTarget["kind"];
export type TargetOf<Kind extends SinkKind> = Extract<SinkTarget, { kind: Kind }>;

/** The secrets a kind knows; each may be missing. */
export const SINK_SECRETS = {
  /** `hmacKey` signs each request; `authorization` is that header's whole value. */
  http: ["hmacKey", "authorization"],
  supabase: ["key"],
  mqtt: ["password"],
  amqp: ["password"],
  frigate: ["authorization"],
} as const satisfies Record<SinkKind, readonly string[]>;
export type SinkSecrets = Partial<Record<(typeof SINK_SECRETS)[SinkKind][number], string>>;

const rhythm = {
  /** A batch leaves when the oldest event waits so long; 0 is at once. */
  everyMs: z.int().min(0).max(86_400_000),
  /** Or when so many wait. No batch is larger. */
  batchEvents: z.int().min(1).max(500),
  /** What is still waiting then has expired, and is counted so. */
  retentionDays: z.number().min(0.01).max(365),
};
export type SinkRhythm = z.infer<z.ZodObject<typeof rhythm>>;

const common = {
  name: z.string().trim().min(1).max(80),
  isEnabled: z.boolean().default(true),
  /** Null: every name. */
  eventNames: z.array(EventName).min(1).nullable().default(null),
  target: SinkTarget,
};

/** POST. A rhythm that is not given is that of the settings `delivery.*`. */
export const NewSink = z.strictObject({
  ...common,
  ...z.object(rhythm).partial().shape,
  secrets: z.record(z.string(), secret).default({}),
});
export type NewSink = z.input<typeof NewSink>;
/** PUT: the whole. A secret that is missing stays as it is, one that is null is forgotten. */
export const SinkChange = z.strictObject({
  ...common,
  ...rhythm,
  secrets: z.record(z.string(), secret.nullable()).default({}),
});
export type SinkChange = z.input<typeof SinkChange>;

export { Ledger };

/** `open`: it failed too often, and rests until `untilMs`. */
export const SinkState = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("working"),
    /** Why some events wait for another try, each by itself, while the others go on. */
    reason: z.string().optional(),
    trouble: ToldTrouble,
  }),
  z.object({ status: z.literal("paused") }),
  z.object({ status: z.literal("disabled") }),
  z.object({
    status: z.enum(["retrying", "open"]),
    reason: z.string(),
    trouble: ToldTrouble,
    failures: z.int(),
    untilMs: z.number(),
  }),
]);
export type SinkState = z.infer<typeof SinkState>;

export const Sink = z.object({
  id: z.uuid(),
  ...common,
  ...rhythm,
  isPaused: z.boolean(),
  /** Names of the secrets that are set. */
  secrets: z.array(z.string()),
  state: SinkState,
  ledger: Ledger,
  /** Of the oldest that waits; null when none does. */
  oldestWaitingMs: z.number().nullable(),
  /** Acknowledged a second over the last minute. */
  ratePerS: z.number(),
  /** Null while it cannot be told. */
  emptyInS: z.number().nullable(),
  lastSuccessAtMs: z.number().nullable(),
});
export type Sink = z.infer<typeof Sink>;
export const SinkList = z.object({ sinks: z.array(Sink) });
export type SinkList = z.infer<typeof SinkList>;

/** DELETE: what still waits or is parked is only given up when asked for; otherwise `conflict`. */
export const SinkRemoveQuery = z.object({ discard: z.enum(["true", "false"]).default("false") });
/** POST `paths.sinkPause`. */
export const SinkPause = z.strictObject({ isPaused: z.boolean() });
/** POST `paths.sinkTest`: what a test event met. */
export const SinkTest = z.object({
  ok: z.boolean(),
  message: z.string(),
  trouble: ToldTrouble,
  tookMs: z.number(),
});
export type SinkTest = z.infer<typeof SinkTest>;

/** An event that a receiver refused for good. */
export const ParkedEvent = z.object({
  /** Rises in the order of parking; the cursor of the list. */
  seq: z.int(),
  event: EventRecord,
  /** The receiver's own, such as `http_422`, `mqtt_153`, `22P02`. */
  code: z.string(),
  reason: z.string(),
  trouble: ToldTrouble,
  /** What was sent and what came back, shortened, without secrets. */
  request: z.string(),
  answer: z.string(),
  attempts: z.int(),
  parkedAtMs: z.number(),
});
export type ParkedEvent = z.infer<typeof ParkedEvent>;
/** The latest first. `cursor` is an answer's `nextCursor`. */
export const ParkedQuery = z.object({
  cursor: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const ParkedPage = z.object({ parked: z.array(ParkedEvent), nextCursor: z.int().nullable() });
export type ParkedPage = z.infer<typeof ParkedPage>;

/** Which of the parked: `all`, or these. */
const which = z.union([z.literal("all"), z.array(z.int()).min(1).max(500)]);
export const ParkedRetry = z.strictObject({ seqs: which });
export const ParkedDiscard = z.strictObject({ seqs: which, reason: z.string().trim().min(1).max(200) });
/** How many were retried or discarded: those that were parked still. */
export const ParkedMoved = z.object({ count: z.int() });
export type ParkedMoved = z.infer<typeof ParkedMoved>;
/** PUT `paths.sinkParkedOne`: payload and meta as they should have been; receipt, name and time stay. */
export const ParkedCorrection = EventRecord.pick({ payload: true, meta: true });
export type ParkedCorrection = z.infer<typeof ParkedCorrection>;
