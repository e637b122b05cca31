import type { ModelEntry } from "#contract/system.ts";
import { type BackoffPolicy, backoffMs } from "../../lib/backoff.ts";
import type { WatchedCamera } from "../station.protocol.ts";
import type { Analyser, OpenAnalyser } from "./analyser.ts";
import { type AskedModel, askedModel, asksTheSame } from "./asked-model.ts";

type ModelLifeDeps<Look> = {
  openAnalyser: OpenAnalyser<Look>;
  /** A detector came or went. */
  onDetectors(): void;
  /** It has begun to work. */
  onRunning(): void;
  /** Any other change of its state. */
  onChange(): void;
  later(work: () => void, afterMs: number): void;
  onTrouble(what: string, cause: unknown): void;
};

export type ModelState<Look> =
  | { status: "closed" }
  /** Also while there is no model to open. */
  | { status: "opening"; isMeasuring: boolean }
  | { status: "running"; model: ModelEntry; analyser: Analyser<Look> }
  | { status: "failed"; reason: string };

const RETRY: BackoffPolicy = { firstMs: 3_000, maxMs: 60_000, jitterFraction: 0.2 };

/** Puts the model to work: tries again when it cannot be had, and opens it anew when the rules ask it for more. */
export function createModelLife<Look>(deps: ModelLifeDeps<Look>) {
  let model: ModelEntry | null = null;
  let cameras: WatchedCamera[] = [];
  /** As the cameras' rules asked for it when it was opened last. */
  let opened: AskedModel | null = null;
  let state: ModelState<Look> = { status: "closed" };
  /** Rises whenever what is being opened is no longer wanted. */
  let attempt = 0;
  let failures = 0;

  function become(next: ModelState<Look>): void {
    state = next;
    deps.onChange();
  }

  function end(): void {
    attempt += 1;
    if (state.status === "running") state.analyser.close();
    state = { status: "closed" };
  }

  async function open({ measureAgain = false } = {}): Promise<void> {
    end();
    const mine = attempt;
    const entry = model;
    opened = entry && askedModel(entry, cameras);
    become({ status: "opening", isMeasuring: false });
    if (!entry || !opened) return;
    try {
      const analyser = await deps.openAnalyser(opened, {
        onChange: deps.onDetectors,
        onTrouble: deps.onTrouble,
        onMeasuring() {
          if (mine === attempt) become({ status: "opening", isMeasuring: true });
        },
        measureAgain,
      });
      if (mine !== attempt) return analyser.close();
      failures = 0;
      state = { status: "running", model: entry, analyser };
      deps.onRunning();
    } catch (cause) {
      if (mine === attempt) fail(mine, cause);
    }
  }

  function fail(mine: number, cause: unknown): void {
    deps.onTrouble("the model could not be put to work", cause);
    become({ status: "failed", reason: cause instanceof Error ? cause.message : String(cause) });
    deps.later(
      () => {
        if (mine === attempt) void open();
      },
      backoffMs(RETRY, failures++),
    );
  }

  return {
    open,
    close: end,
    state: () => state,
    model: () => model,
    analyser: () => (state.status === "running" ? state.analyser : null),
    /** The model to run, null for none. Opened anew at once where one is open and it is another. */
    setModel(entry: ModelEntry | null): void {
      if (entry?.id === model?.id && entry?.sha256.join() === model?.sha256.join()) return;
      model = entry;
      failures = 0;
      if (state.status !== "closed") void open();
    },
    /** The same model is opened anew where these cameras' rules ask it for something else. */
    setCameras(list: WatchedCamera[]): void {
      cameras = list;
      if (state.status === "closed" || !model || !opened) return;
      if (!asksTheSame(opened, askedModel(model, cameras))) void open();
    },
  };
}
export type ModelLife<Look> = ReturnType<typeof createModelLife<Look>>;
