import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { CameraHealth } from "#contract/camera-health.ts";
import type { Sink } from "#contract/sinks.ts";
import type { Bus } from "./bus.ts";

/** Everything that `/metrics` tells, in the text format of Prometheus. */
export type Metrics = { contentType: string; text(): Promise<string> };

type MetricsDeps = {
  bus: Bus;
  cameraHealth: () => CameraHealth[];
  /** Pictures stored and given up since the start, and what is kept now. */
  evidence: () => { stored: number; swept: number; pictures: number; bytes: number };
  sinks: () => Promise<Sink[]>;
};

const CIRCUITS = ["closed", "open", "half_open"] as const satisfies CameraHealth["circuit"][];
const WATCHDOGS = ["tap", "media"] as const;

/**
 * Figures of the cameras, read when they are asked for, and Node's own under the names every dashboard knows. A camera
 * has its id as its only label besides: names change, and belong on a dashboard.
 */
export function createMetrics({ bus, cameraHealth, evidence, sinks }: MetricsDeps): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  countRestarts(registry, bus, cameraHealth);
  tellEvidence(registry, evidence);
  tellSinks(registry, sinks);

  type Tell = (health: CameraHealth, set: (value: number, labels?: Record<string, string>) => void) => void;
  const gauge = (name: string, help: string, tell: Tell, labels: string[] = []) =>
    new Gauge({
      name: `guarita_camera_${name}`,
      help,
      labelNames: ["camera_id", ...labels],
      registers: [registry],
      collect() {
        this.reset(); // a camera that was removed must not stay
        for (const health of cameraHealth()) {
          const camera_id = health.cameraId;
          tell(health, (value, more) => this.set({ camera_id, ...more }, value));
        }
      },
    });

  gauge(
    "up",
    "Whether it gives pictures: 1 or 0. Absent until the gateway has heard from it.",
    (health, set) => {
      if (health.status !== "unknown")
        set(health.status === "online" || health.status === "degraded" ? 1 : 0);
    },
  );
  gauge(
    "degraded",
    "1 while it loses packets or gives far fewer pictures than it promised.",
    (health, set) => {
      if (health.status !== "unknown") set(health.status === "degraded" ? 1 : 0);
    },
  );
  gauge("fps", "Pictures per second, over the last 10 s. Absent while there are none.", ({ fps }, set) => {
    if (fps !== undefined) set(fps);
  });
  gauge("bitrate_kbps", "Thousand bits per second, over the last 10 s.", ({ bitrateKbps }, set) => {
    if (bitrateKbps !== undefined) set(bitrateKbps);
  });
  gauge("uptime_24h_ratio", "Part of the last 24 h in which it gave pictures: 0 to 1.", (health, set) => {
    if (health.uptime24h !== null) set(health.uptime24h);
  });
  gauge(
    "circuit_state",
    "1 for the state its circuit breaker is in, 0 for the others.",
    ({ circuit }, set) => {
      for (const state of CIRCUITS) set(state === circuit ? 1 : 0, { state });
    },
    ["state"],
  );
  return { contentType: registry.contentType, text: () => registry.metrics() };
}

const EVIDENCE_COUNTS = {
  stored: "Pictures of evidence stored since the start.",
  swept: "Pictures of evidence given up since the start, because their time was over.",
};
const EVIDENCE_STATES = {
  pictures: "Pictures of evidence that are kept now.",
  bytes: "Bytes of the pictures of evidence that are kept now.",
};

function tellEvidence(registry: Registry, evidence: MetricsDeps["evidence"]): void {
  for (const [name, help] of Object.entries(EVIDENCE_COUNTS)) {
    new Counter({
      name: `guarita_evidence_${name}_total`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(evidence()[name as keyof typeof EVIDENCE_COUNTS]); // a key of that object
      },
    });
  }
  for (const [name, help] of Object.entries(EVIDENCE_STATES)) {
    new Gauge({
      name: `guarita_evidence_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(evidence()[name as keyof typeof EVIDENCE_STATES]); // a key of that object
      },
    });
  }
}

function countRestarts(registry: Registry, bus: Bus, cameraHealth: () => CameraHealth[]): void {
  const restarts = new Counter({
    name: "watchdog_restarts_total",
    help: "Connections made anew because no new picture came for 15 s, by the tap or by the media server's watch.",
    labelNames: ["camera_id", "by"],
    registers: [registry],
    collect() {
      // 0 from the start: a series that begins with 1 shows no increase
      for (const { cameraId } of cameraHealth())
        for (const by of WATCHDOGS) this.inc({ camera_id: cameraId, by }, 0);
    },
  });
  bus.on("camera.restarted", ({ cameraId, by }) => restarts.inc({ camera_id: cameraId, by }));
  bus.on("camera.removed", ({ cameraId }) => {
    for (const by of WATCHDOGS) restarts.remove({ camera_id: cameraId, by });
  });
}

const ENDS = ["created", "acknowledged", "discarded", "expired"] as const;
const STATES = [
  "working",
  "retrying",
  "open",
  "paused",
  "disabled",
] as const satisfies Sink["state"]["status"][];

/** A sink has its id as its label, like a camera. */
function tellSinks(registry: Registry, sinks: MetricsDeps["sinks"]): void {
  let reading: Promise<Sink[]> | undefined;
  /** All figures of one answer are of one reading. */
  function read(): Promise<Sink[]> {
    reading ??= sinks().finally(() => {
      reading = undefined;
    });
    return reading;
  }
  type Tell = (sink: Sink, set: (value: number, labels?: Record<string, string>) => void) => void;
  const gauge = (name: string, help: string, tell: Tell, labels: string[] = []) =>
    new Gauge({
      name: `guarita_sink_${name}`,
      help,
      labelNames: ["sink_id", ...labels],
      registers: [registry],
      async collect() {
        const all = await read();
        this.reset();
        for (const sink of all) {
          tell(sink, (value, more) => this.set({ sink_id: sink.id, ...more }, value));
        }
      },
    });

  new Counter({
    name: "guarita_sink_events_total",
    help: "Events queued for a sink, and how they left: acknowledged, discarded by a person, expired.",
    labelNames: ["sink_id", "end"],
    registers: [registry],
    async collect() {
      const all = await read();
      this.reset();
      for (const { id, ledger } of all) for (const end of ENDS) this.inc({ sink_id: id, end }, ledger[end]);
    },
  });
  gauge("waiting", "Events that wait for a sink.", ({ ledger }, set) => set(ledger.waiting));
  gauge("parked", "Events that a sink refused and that wait for a person.", ({ ledger }, set) =>
    set(ledger.parked),
  );
  gauge("ledger_balanced", "0 where the ledger of a sink does not balance: an alarm.", ({ ledger }, set) =>
    set(ledger.isBalanced ? 1 : 0),
  );
  gauge("oldest_waiting_seconds", "How long the oldest event waits; 0 where none does.", (sink, set) =>
    set((sink.oldestWaitingMs ?? 0) / 1_000),
  );
  gauge(
    "state",
    "1 for the state a sink is in, 0 for the others.",
    (sink, set) => {
      for (const state of STATES) set(state === sink.state.status ? 1 : 0, { state });
    },
    ["state"],
  );
}
