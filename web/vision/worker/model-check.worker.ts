import { rpcServe } from "../../lib/rpc.ts";
import type { ModelCheckApi } from "./model-check.protocol.ts";
import { checkModel } from "./model-check.ts";
import { createModelStore } from "./model-store.ts";
import { loadRuntime } from "./onnx-runtime.ts";

const loadModel = createModelStore({
  fetch: (address, options) => fetch(address, options),
  digest: (bytes) => crypto.subtle.digest("SHA-256", bytes),
});

rpcServe<ModelCheckApi>(self, {
  async check({ entry }) {
    const model = new Uint8Array(await loadModel(entry));
    return checkModel(await loadRuntime("wasm"), entry, model);
  },
});
