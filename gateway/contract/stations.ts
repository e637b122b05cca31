import { z } from "zod";
import { StationLedger } from "./ledger.ts";

/** A station says every `heartbeatEveryMs` that it lives; its leases end after `leaseMs` of silence. */
export const STATION_TIMES = { heartbeatEveryMs: 3_000, leaseMs: 8_000 };

/** JSON of what a station knows of one camera; what is larger is not handed on. */
export const WATCH_LIMIT_BYTES = 65_536;
/** A heartbeat's JSON, at most. */
export const HEARTBEAT_LIMIT_BYTES = 1_048_576;

export const StationName = z.string().trim().min(1).max(60);

/** A station's turn at a camera. Of two leases of one camera the one with the higher fence is the newer. */
const lease = { cameraId: z.uuid(), fence: z.int().min(1) };

/** Looks at a camera, per second: wanted, done, and pictures that came and were not looked at in their turn. */
const rates = {
  askedPerS: z.number().min(0),
  reachedPerS: z.number().min(0),
  skippedPerS: z.number().min(0),
};

/** Any JSON; only stations look into it. Absent while nothing changed since the one before. */
const watch = z.unknown().optional();

/** What a station says of itself all the time (`POST paths.stationHeartbeat`). The first one enrols it. */
export const StationReport = z.strictObject({
  /** Taken when it is enrolled; a person may give it another. */
  name: StationName,
  /** One life of the page: a page that goes can only take its own leases with it. */
  session: z.uuid(),
  /** Cameras it can hold at a look a second each, where something moves on all of them. */
  capacity: z.int().min(1).max(1_000),
  /** Those that a detector saw: of what it can do, what it does. A picture in which nothing moves needs none. */
  picturesPerS: z.number().min(0),
  msPerPicture: z.number().min(0),
  model: z.string().max(120),
  /** What it looks at now. */
  held: z.array(z.strictObject({ ...lease, ...rates, watch })).max(1_000),
  /** What it was told to leave, and has left. */
  returned: z.array(z.strictObject({ ...lease, watch })).max(1_000),
  /** Its events on their way; absent until it has read them from its disk. */
  ledger: StationLedger.optional(),
});
export type StationReport = z.infer<typeof StationReport>;

/**
 * What it may look at from now on. `resume` comes once, with a camera that somebody looked at before: what was known
 * of it, and how long ago.
 */
export const StationAnswer = z.object({
  leases: z.array(
    z.object({ ...lease, resume: z.object({ ageMs: z.number().min(0), watch: z.unknown() }).nullable() }),
  ),
  /** Of what it held: `moved` goes to another station, to be left without a word; `off` is looked at by nobody. */
  gone: z.array(z.object({ ...lease, reason: z.enum(["moved", "off"]) })),
});
export type StationAnswer = z.infer<typeof StationAnswer>;

/** `POST paths.stationLeave`: the page goes, and its leases are free at once. */
export const StationLeave = z.strictObject({ session: z.uuid() });

export const StationChange = z.strictObject({ name: StationName });

/** A station as a screen shows it. */
export const Station = z.object({
  id: z.uuid(),
  name: StationName,
  isHere: z.boolean(),
  /** Since its last sign of life; null when there was none since the gateway's start. */
  heardAgoMs: z.number().nullable(),
  capacity: z.int(),
  picturesPerS: z.number(),
  msPerPicture: z.number(),
  model: z.string(),
  cameras: z.array(z.object({ cameraId: z.uuid(), ...rates })),
  /** As it said last; absent when it said nothing since the gateway's start. */
  ledger: StationLedger.optional(),
});
export type Station = z.infer<typeof Station>;

/** Why nobody looks at a camera. `waiting`: its station fell silent or gives it back, another follows in seconds. */
export const UnwatchedReason = z.enum(["analysis_off", "no_station", "waiting"]);
export type UnwatchedReason = z.infer<typeof UnwatchedReason>;

export const StationList = z.object({
  stations: z.array(Station),
  unwatched: z.array(z.object({ cameraId: z.uuid(), reason: UnwatchedReason })),
});
export type StationList = z.infer<typeof StationList>;
