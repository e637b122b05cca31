import { z } from "zod";

/** Fractions of the picture's width and height, origin top left. */
export const Point = z.strictObject({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) });
export type Point = z.infer<typeof Point>;

const name = z.string().trim().min(1).max(60);

/** An area of the picture. What stands in a `mask` is not seen at all. */
export const Zone = z.strictObject({
  id: z.uuid(),
  name,
  kind: z.enum(["zone", "mask"]),
  /** The corners of a simple polygon, either way round. */
  points: z.array(Point).min(3).max(32),
});
export type Zone = z.infer<typeof Zone>;

/** Who crosses it from the left of `from` -> `to` to its right enters; the other way leaves. */
export const Line = z.strictObject({ id: z.uuid(), name, from: Point, to: Point });
export type Line = z.infer<typeof Line>;

const minimumS = z.number().min(0).max(3_600);
const rule = {
  id: z.uuid(),
  name,
  isEnabled: z.boolean().default(true),
  /** Null: the whole picture. */
  zoneId: z.uuid().nullable(),
  /** `shop`: only within the opening hours of the shop. */
  hours: z.enum(["always", "shop"]).default("always"),
};

/** What about a zone becomes an event. */
export const Rule = z.discriminatedUnion("kind", [
  /** `queue.detected`: so many people or more, for so long; over when fewer, for so long. */
  z.strictObject({
    ...rule,
    kind: z.literal("queue"),
    threshold: z.int().min(1).max(100).default(3),
    startAfterS: minimumS.default(3),
    endAfterS: minimumS.default(5),
  }),
  /** `idle.detected`: nobody there for so long; with `queueZoneId` only while somebody waits in that zone. */
  z.strictObject({
    ...rule,
    kind: z.literal("idle"),
    afterS: minimumS.default(60),
    queueZoneId: z.uuid().nullable().default(null),
  }),
  /** `compliance.detected`, this one and all below. A person is there. */
  z.strictObject({ ...rule, kind: z.literal("restricted_area"), afterS: minimumS.default(2) }),
  /** Fewer people than must be there. */
  z.strictObject({
    ...rule,
    kind: z.literal("missing_person"),
    atLeast: z.int().min(1).max(100).default(1),
    afterS: minimumS.default(30),
  }),
  /** Something of these classes of the model is there. */
  z.strictObject({
    ...rule,
    kind: z.literal("forbidden_object"),
    labels: z.array(z.string().min(1).max(60)).min(1).max(20),
    afterS: minimumS.default(2),
  }),
  z.strictObject({ ...rule, kind: z.literal("plate_read") }),
  z.strictObject({ ...rule, kind: z.literal("plate_listed") }),
  z.strictObject({ ...rule, kind: z.literal("plate_unlisted") }),
]);
export type Rule = z.infer<typeof Rule>;

/** Whether it is to be told of number plates. */
export const asksForPlates = ({ isEnabled, kind }: Rule): boolean => isEnabled && kind.startsWith("plate_");

const scene = {
  zones: z.array(Zone).max(32),
  lines: z.array(Line).max(16),
  rules: z.array(Rule).max(32),
  /** Looks a second. */
  picturesPerS: z.number().min(0.1).max(10).default(1),
  /** Least score by class of the model; what is not named has the model's own. */
  minScores: z.record(z.string().min(1).max(60), z.number().min(0.05).max(0.95)).default({}),
};

/** What a station must know to watch a camera. `version` rises with each change; 0 before the first. */
export const CameraZones = z.object({ cameraId: z.uuid(), version: z.int().min(0), ...scene });
export type CameraZones = z.infer<typeof CameraZones>;

/** PUT: all of it. `version` is the one that was changed; another meanwhile is a conflict. */
export const CameraZonesChange = z.strictObject({ version: z.int().min(0), ...scene });
export type CameraZonesChange = z.infer<typeof CameraZonesChange>;

/** What a camera has that nobody drew anything for. */
export const noZones = (cameraId: string): CameraZones => ({
  cameraId,
  version: 0,
  zones: [],
  lines: [],
  rules: [],
  picturesPerS: 1,
  minScores: {},
});

/** `GET /api/zones`: one for every camera, in the order of the cameras. */
export const CameraZonesList = z.object({ zones: z.array(CameraZones) });
export type CameraZonesList = z.infer<typeof CameraZonesList>;

/** "HH:MM", 24 hours. */
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/**
 * From `from` until `until` on these days of the week (1 Monday to 7 Sunday); past midnight where `until` is earlier,
 * all 24 hours where both are the same.
 */
export const OpeningHours = z.strictObject({
  days: z.array(z.int().min(1).max(7)).min(1).max(7),
  from: timeOfDay,
  until: timeOfDay,
});
export type OpeningHours = z.infer<typeof OpeningHours>;

/** The shop. Without hours it is always open. PUT: all of it, with the version that was changed. */
export const Shop = z.strictObject({
  version: z.int().min(0),
  /** IANA name: `America/Sao_Paulo`. */
  timeZone: z.string().min(1).max(60),
  hours: z.array(OpeningHours).max(14),
});
export type Shop = z.infer<typeof Shop>;
