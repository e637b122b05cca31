import { setTimeout as delay } from "node:timers/promises";
import type { MediaState, ModelManifest, ModelState } from "#contract/system.ts";
import type { Logger } from "../kernel/logger.ts";
import { bringMediamtx, type FoundMediamtx } from "./bring-mediamtx.ts";
import { type BringModelDeps, bringModel } from "./bring-models.ts";
import { createHashBook } from "./file-hash.ts";
import type { Wait } from "./keep-trying.ts";
import { mediamtxRelease, type Release } from "./releases.ts";

export type SetupDeps = {
  dataDir: string;
  /** `GUARITA_MEDIAMTX` */
  mediamtxFromEnv?: string | undefined;
  /** `GUARITA_MODELS`, a folder. */
  modelsFromEnv?: string | undefined;
  /** Further folders to look for models in, after `GUARITA_MODELS`. They need not exist. */
  modelFolders?: string[];
  /** `PATH` */
  pathEnv: string;
  /** `${process.platform}-${process.arch}` */
  platform: string;
  fetch: typeof fetch;
  manifest: ModelManifest;
  /** Models the project makes itself, by id. */
  makers: Record<string, () => Uint8Array>;
  /** Told `missing` and `downloading` only; once MediaMTX is found its states are the media part's to tell. */
  onMedia(state: MediaState): void;
  onModel(state: ModelState): void;
  nowMs: () => number;
  log: Logger;
  releaseFor?: (platform: string) => Release | undefined;
  wait?: Wait;
};

/** What is known of MediaMTX now; `missing` and `downloading` as the page is told them. */
export type MediamtxPlace =
  | ({ status: "found" } & FoundMediamtx)
  | (MediaState & { status: "missing" | "downloading" });

export type Setup = ReturnType<typeof createSetup>;

const pause: Wait = async (ms, signal) => void (await delay(ms, undefined, { signal, ref: false }));

/** Brings what the machine lacks, in the background: `start` returns at once, and nothing ever waits for it. */
export function createSetup(deps: SetupDeps) {
  const wait = deps.wait ?? pause;
  const stopping = new AbortController();
  const running: Promise<void>[] = [];
  const mediamtx = createMediamtxKeeper(deps, wait);
  const models = createModelKeeper(deps, wait);

  async function inBackground(what: string, work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!stopping.signal.aborted) deps.log.error({ err: error }, `${what} could not be set up`);
    }
  }

  return {
    start(): void {
      running.push(inBackground("MediaMTX", mediamtx.bring(stopping.signal)));
      for (const model of deps.manifest.models) {
        running.push(inBackground(model.title, models.bring(model, stopping.signal)));
      }
    },
    /** Ends downloads; what came stays on disk and is resumed at the next start. */
    async stop(): Promise<void> {
      stopping.abort();
      await Promise.all(running);
    },
    mediamtx: mediamtx.place,
    whenMediamtx: mediamtx.whenFound,
    modelFile: models.file,
    modelStates: models.states,
  };
}

function createMediamtxKeeper(deps: SetupDeps, wait: Wait) {
  let place: MediamtxPlace = { status: "missing", reason: "Guarita is looking for MediaMTX." };
  const waiting = new Set<(file: string) => void>();
  return {
    async bring(signal: AbortSignal): Promise<void> {
      const onState = (state: MediaState) => {
        // bringMediamtx tells these two states only
        place = state as MediaState & { status: "missing" | "downloading" };
        deps.onMedia(state);
      };
      const fromEnv = deps.mediamtxFromEnv;
      const releaseFor = deps.releaseFor ?? mediamtxRelease;
      const found = await bringMediamtx({ ...deps, fromEnv, releaseFor, onState, wait }, signal);
      if (!found) return;
      place = { status: "found", ...found };
      deps.log.info(found, "MediaMTX found");
      for (const tell of waiting) tell(found.file);
      waiting.clear();
    },
    /** Where MediaMTX is, or why it is not here. */
    place: (): MediamtxPlace => place,
    /** Calls back once with the program's file: at once when it is found already. Returns the way to unsubscribe. */
    whenFound(tell: (file: string) => void): () => void {
      if (place.status === "found") tell(place.file);
      else waiting.add(tell);
      return () => waiting.delete(tell);
    },
  };
}

function createModelKeeper(deps: SetupDeps, wait: Wait) {
  const hashes = createHashBook();
  const files = new Map<string, string>();
  const states = new Map<string, ModelState>(
    deps.manifest.models.map(({ id }) => [
      id,
      { id, status: "missing", reason: "Guarita is looking for it." },
    ]),
  );
  const onState = (state: ModelState) => {
    states.set(state.id, state);
    deps.onModel(state);
  };
  const folders = [deps.modelsFromEnv, ...(deps.modelFolders ?? [])].filter((folder) => folder !== undefined);
  const bringDeps: BringModelDeps = { ...deps, folders, hashes, onState, wait };
  return {
    async bring(model: ModelManifest["models"][number], signal: AbortSignal): Promise<void> {
      const file = await bringModel(bringDeps, model, signal);
      if (file === undefined) return;
      files.set(model.id, file);
      deps.log.info({ model: model.id, file }, "model ready");
      onState({ id: model.id, status: "ready" });
    },
    /** The file of a model that is ready, else null. */
    file: (id: string): string | null => files.get(id) ?? null,
    /** One for each model of the manifest, in its order. */
    states: (): ModelState[] => [...states.values()],
  };
}
