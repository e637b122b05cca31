import type { StationLedger } from "#contract/ledger.ts";
import {
  STATION_TIMES,
  type StationAnswer,
  type StationReport,
  WATCH_LIMIT_BYTES,
} from "#contract/stations.ts";

export type CameraRates = { askedPerS: number; reachedPerS: number; skippedPerS: number };

/** What the station can do and does, as it says every second while it runs. */
export type StationFigures = {
  capacity: number;
  picturesPerS: number;
  msPerPicture: number;
  model: string;
  /** By camera id. */
  rates: ReadonlyMap<string, CameraRates>;
};

/** `pausing`: a moment without work (a worker is replaced, a model is opened). `away`: it looks at nothing. */
export type StationAbility =
  | { status: "working"; figures: StationFigures }
  | { status: "pausing" }
  | { status: "away" };

/** Resumed from: what somebody knew of a camera, and how long ago. */
export type Resume = { cameraId: string; watch: unknown; ageMs: number };

export type StationLeasesDeps = {
  proposedName: string;
  /** One life of the page. */
  session: string;
  /** Rejects when the gateway does not answer in time. */
  post(report: StationReport): Promise<StationAnswer>;
  /** Says goodbye in a way that outlives the page. */
  sayGoodbye(session: string): void;
  /** Whether another tab of this browser waits to take over. */
  hasHeir(): Promise<boolean>;
  onLeases(fences: ReadonlyMap<string, number>): void;
  onResume(resume: Resume): void;
  /** This browser's events on their way; null while that is not known. */
  ledger(): StationLedger | null;
  /** A clock that nobody sets. */
  nowMs(): number;
};

/** A station that cannot work for longer than this gives its cameras to others. */
const PAUSE_AT_MOST_MS = 25_000;
/** The worker's last word about a camera is waited for so long. */
const LAST_WORD_MS = 1_000;
/** What the feed says in quick succession becomes one question. */
const HURRY_MS = 200;
/** Of one heartbeat; what does not fit goes with the next one. */
const WATCHES_LIMIT_BYTES = 512 * 1_024;

type Held = { fence: number; isOff: boolean };
type Leaving = { fence: number; sinceMs: number; isLeft: boolean };

/**
 * This station's leases. Says every 3 s what it holds and hears what it may hold. While the gateway is away it keeps
 * what it has: nobody else can be given it. What is asked back is left at once, and told as returned with the last
 * that was known of it.
 */
export function createStationLeases(deps: StationLeasesDeps) {
  const { nowMs } = deps;
  const held = new Map<string, Held>();
  const leaving = new Map<string, Leaving>();
  /** JSON of what is known of each camera, until the gateway has it. */
  const watches = new Map<string, string>();
  let figures: StationFigures | null = null;
  let lastWorkingMs = Number.NEGATIVE_INFINITY;
  let lastSentMs = Number.NEGATIVE_INFINITY;
  let isHurried = false;
  let isAsking = false;
  let hasHeir = false;
  /** Rises when the station gives up: an answer of before is no longer for it. */
  let life = 0;

  function tick(): void {
    if (!figures || isAsking) return;
    if (nowMs() - lastWorkingMs > PAUSE_AT_MOST_MS) {
      giveUp();
      return;
    }
    const lateMs = nowMs() - lastSentMs;
    const isWordDue = [...leaving.values()].some(isReturned);
    const dueMs = isHurried || isWordDue ? HURRY_MS : STATION_TIMES.heartbeatEveryMs;
    if (lateMs >= dueMs) void ask(figures);
  }

  const isReturned = ({ isLeft, sinceMs }: Leaving): boolean => isLeft || nowMs() - sinceMs >= LAST_WORD_MS;

  async function ask(said: StationFigures): Promise<void> {
    const mine = life;
    isAsking = true;
    isHurried = false;
    lastSentMs = nowMs();
    const sent = takeWatches();
    const report = reportOf(said, sent);
    try {
      const answer = await deps.post(report);
      if (mine === life) hear(answer, report);
    } catch {
      // the gateway is away: what is held is kept, and what was to be said is said again
      for (const [cameraId, json] of sent) if (!watches.has(cameraId)) watches.set(cameraId, json);
    } finally {
      isAsking = false;
    }
    hasHeir = await deps.hasHeir();
  }

  /** As many as fit. */
  function takeWatches(): Map<string, string> {
    const taken = new Map<string, string>();
    let sizeBytes = 0;
    for (const [cameraId, json] of watches) {
      sizeBytes += json.length;
      if (sizeBytes > WATCHES_LIMIT_BYTES) break;
      taken.set(cameraId, json);
    }
    for (const cameraId of taken.keys()) watches.delete(cameraId);
    return taken;
  }

  function reportOf(said: StationFigures, sent: Map<string, string>): StationReport {
    const { capacity, picturesPerS, msPerPicture, model, rates } = said;
    const entry = (cameraId: string, fence: number) => {
      const json = sent.get(cameraId);
      return { cameraId, fence, ...(json !== undefined && { watch: JSON.parse(json) as unknown }) };
    };
    const looked = [...held].filter(([, { isOff }]) => !isOff);
    const ledger = deps.ledger();
    const unreturned = [...leaving].filter(([, lease]) => !isReturned(lease));
    return {
      name: deps.proposedName,
      session: deps.session,
      capacity,
      picturesPerS,
      msPerPicture,
      model,
      held: [...looked, ...unreturned].map(([cameraId, { fence }]) => ({
        ...entry(cameraId, fence),
        ...(rates.get(cameraId) ?? { askedPerS: 0, reachedPerS: 0, skippedPerS: 0 }),
      })),
      returned: [...leaving]
        .filter(([, lease]) => isReturned(lease))
        .map(([cameraId, { fence }]) => entry(cameraId, fence)),
      ...(ledger && { ledger }),
    };
  }

  function hear({ leases, gone }: StationAnswer, said: StationReport): void {
    for (const { cameraId, fence } of said.returned) {
      if (leaving.get(cameraId)?.fence === fence) leaving.delete(cameraId);
    }
    let isNews = false;
    for (const { cameraId, fence, reason } of gone) {
      const lease = held.get(cameraId);
      if (lease?.fence !== fence) continue;
      isNews = true;
      // of one that is off the station still tells the end, under this fence
      if (reason === "off") lease.isOff = true;
      else {
        held.delete(cameraId);
        leaving.set(cameraId, { fence, sinceMs: nowMs(), isLeft: false });
      }
    }
    for (const { cameraId, fence, resume } of leases) {
      if (held.get(cameraId)?.fence === fence && !held.get(cameraId)?.isOff) continue;
      isNews = true;
      held.set(cameraId, { fence, isOff: false });
      leaving.delete(cameraId);
      if (resume) deps.onResume({ cameraId, ...resume });
    }
    if (isNews) deps.onLeases(fences());
  }

  const fences = (): ReadonlyMap<string, number> =>
    new Map([...held].map(([cameraId, { fence }]) => [cameraId, fence] as const));

  function giveUp(): void {
    if (!figures) return;
    figures = null;
    life += 1;
    leaving.clear();
    watches.clear();
    const hadLeases = held.size > 0;
    held.clear();
    deps.sayGoodbye(deps.session);
    if (hadLeases) deps.onLeases(fences());
  }

  function hurry(): void {
    isHurried = true;
    tick();
  }

  return {
    /** By camera id. */
    fences,
    /** To be called about once a second, also by what is not held up in a hidden tab. */
    tick,
    /** The gateway has news. */
    hurry,
    setAbility(ability: StationAbility): void {
      if (ability.status === "away") giveUp();
      if (ability.status !== "working") return;
      figures = ability.figures;
      lastWorkingMs = nowMs();
      tick();
    },
    /** The newest the station knows of a camera; with `isUrgent` an event came of it, and it had better be safe. */
    keepWatch(cameraId: string, watch: unknown, isUrgent: boolean): void {
      if (!held.has(cameraId) && !leaving.has(cameraId)) return;
      const json = JSON.stringify(watch);
      if (json.length > WATCH_LIMIT_BYTES) return;
      watches.set(cameraId, json);
      if (isUrgent) hurry();
    },
    /** The station has left a camera and said its last word of it. */
    left(cameraId: string): void {
      const lease = leaving.get(cameraId);
      if (!lease) return;
      lease.isLeft = true;
      hurry();
    },
    /** The page goes. Another tab of this browser goes on as the same station, if there is one. */
    leave(): void {
      if (figures && !hasHeir) deps.sayGoodbye(deps.session);
    },
  };
}
export type StationLeases = ReturnType<typeof createStationLeases>;
