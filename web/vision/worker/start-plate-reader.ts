import type { ModelEntry } from "#contract/system.ts";
import type { PlateReader } from "../plates/plate-reader.ts";
import type { PlateModels } from "../station.ts";
import type { PlatesApi } from "./plates.protocol.ts";
import { LOAD_AT_MOST_MS, openRpcWorker, within } from "./rpc-worker.ts";

/** The whole picture, three vehicles and eight plates on a slow tablet; silent for longer, it hangs. */
const READ_AT_MOST_MS = 15_000;

/** Fetches both models and starts a worker of its own that reads with them. */
export async function startPlateReader(
  models: PlateModels,
  loadModel: (entry: ModelEntry) => Promise<ArrayBuffer>,
): Promise<PlateReader & { close(): void }> {
  const [finder, reader] = await Promise.all([loadModel(models.finder), loadModel(models.reader)]);
  const worker = new Worker(new URL("./plates.worker.ts", import.meta.url), {
    type: "module",
    name: "plates",
  });
  const { call, lifeLock, watch, close } = openRpcWorker<PlatesApi>(worker, "plate reader");
  try {
    const request = { models, finder, reader, lifeLock };
    await within(LOAD_AT_MOST_MS, call("load", request, [finder, reader]));
    watch();
  } catch (cause) {
    close();
    throw cause;
  }
  return {
    read: (picture, vehicles) => within(READ_AT_MOST_MS, call("read", { picture, vehicles })),
    close,
  };
}
