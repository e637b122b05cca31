import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import type * as Ort from "onnxruntime-web/wasm";
import type { Runtime } from "./onnx-detector.ts";
import type { ExecutionProvider } from "./station-memory.ts";

/** Loads the build of onnxruntime-web that the provider needs; the one with WebGPU is twice as large. */
export async function loadRuntime(executionProvider: ExecutionProvider): Promise<Runtime> {
  if (executionProvider === "wasm") return runtimeOf(await import("onnxruntime-web/wasm"), wasmUrl, "wasm");
  const [ort, url] = await Promise.all([
    import("onnxruntime-web/webgpu"),
    import("onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url"),
  ]);
  return runtimeOf(ort, url.default, "webgpu");
}

function runtimeOf(ort: typeof Ort, wasm: string, executionProvider: ExecutionProvider): Runtime {
  // Several sessions of one thread each beat one session of several, and need no shared memory.
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: new URL(wasm, import.meta.url).href };
  ort.env.logLevel = "error";
  return {
    executionProvider,
    createSession: (model) =>
      ort.InferenceSession.create(model, {
        executionProviders: [executionProvider],
        graphOptimizationLevel: "all",
      }),
    makeTensor: (data, dims) =>
      data instanceof Uint8Array
        ? new ort.Tensor("uint8", data, dims)
        : new ort.Tensor("float32", data, dims),
  };
}
