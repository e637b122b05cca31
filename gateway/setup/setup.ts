import { rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { MediaState, ModelEntry, ModelManifest, ModelState } from "#contract/system.ts";
import { createHashBook } from "../kernel/file-hash.ts";
import type { Logger } from "../kernel/logger.ts";
import { bringMediamtx, type FoundMediamtx } from "./bring-mediamtx.ts";
import { type BringModelDeps, bringModel, isNeededNow } from "./bring-models.ts";
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
  let isStarted = false;
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
      isStarted = true;
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
    /** Brings a model that nobody needed so far, in the background; a second call changes nothing. */
    wantModel(id: string): void {
      const model = deps.manifest.models.find((entry) => entry.id === id);
      if (model && models.want(id) && isStarted)
        running.push(inBackground(model.title, models.bring(model, stopping.signal)));
    },
    /** Takes a model's file that came by another way; its hash was checked by the caller. */
    adoptModel: models.adopt,
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
  /** Chosen by a person, beside those that are needed from the start. */
  const wanted = new Set<string>();
  const onState = (state: ModelState) => {
    // a download that still fails says nothing about a file that came by another way
    if (files.has(state.id) && state.status !== "ready") return;
    states.set(state.id, state);
    deps.onModel(state);
  };
  const folders = [deps.modelsFromEnv, ...(deps.modelFolders ?? [])].filter((folder) => folder !== undefined);
  const isWanted = (model: ModelEntry) => isNeededNow(model) || wanted.has(model.id);
  const bringDeps: BringModelDeps = { ...deps, folders, hashes, isWanted, onState, wait };
  const bringing = new Map<string, Promise<void>>();

  async function bring(model: ModelEntry, signal: AbortSignal): Promise<void> {
    if (files.has(model.id)) return;
    const file = await bringModel(bringDeps, model, signal);
    if (file === undefined) return;
    files.set(model.id, file);
    deps.log.info({ model: model.id, file }, "model ready");
    onState({ id: model.id, status: "ready" });
  }

  return {
    /** False when it is here, or on its way, already. */
    want(id: string): boolean {
      if (files.has(id) || wanted.has(id)) return false;
      wanted.add(id);
      return !deps.manifest.models.some((model) => model.id === id && isNeededNow(model));
    },
    async adopt(id: string, given: string): Promise<void> {
      const model = deps.manifest.models.find((entry) => entry.id === id);
      if (!model) return;
      const file = join(deps.dataDir, "models", basename(model.file));
      await rename(given, file);
      files.set(id, file);
      onState({ id, status: "ready" });
    },
    /** One after the other for a model: two would write into the same half download. */
    bring(model: ModelEntry, signal: AbortSignal): Promise<void> {
      const before = bringing.get(model.id) ?? Promise.resolve();
      const mine = before.then(() => bring(model, signal));
      bringing.set(model.id, mine);
      return mine;
    },
    /** The file of a model that is ready, else null. */
    file: (id: string): string | null => files.get(id) ?? null,
    /** One for each model of the manifest, in its order. */
    states: (): ModelState[] => [...states.values()],
  };
}
