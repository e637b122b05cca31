import { rpcServe } from "../../lib/rpc.ts";
import { holdLife } from "../../lib/worker-life.ts";
import { openPlateReader } from "../plates/onnx-plates.ts";
import type { PlateReader } from "../plates/plate-reader.ts";
import { loadRuntime } from "./onnx-runtime.ts";
import type { PlatesApi } from "./plates.protocol.ts";

// Apart from the station: a look at one picture takes 0.2 s, in which the station must go on.

let reader: PlateReader | null = null;

rpcServe<PlatesApi>(self, {
  async load({ models, lifeLock, ...files }) {
    await holdLife(lifeLock);
    const runtime = await loadRuntime("wasm");
    reader = await openPlateReader(runtime, models, async (entry) => {
      return new Uint8Array(entry === models.finder ? files.finder : files.reader);
    });
  },
  async read({ picture, vehicles }) {
    if (!reader) throw new Error("no models were loaded");
    return reader.read(picture, vehicles);
  },
});
