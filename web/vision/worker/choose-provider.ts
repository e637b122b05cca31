import type { ExecutionProvider } from "./station-memory.ts";

/** A first run may take this long on the graphics processor, shaders compiled and all; longer, and wasm it is. */
export const MEASURE_AT_MOST_MS = 8_000;
/** The graphics processor must win clearly: it is also what draws the page. */
const MUST_TAKE_AT_MOST = 0.8;

type ChooseDeps = {
  /** How many sessions run side by side on the processor. */
  wasmSessions: number;
  /** Whether there is a real graphics processor behind WebGPU. */
  hasGpu(): Promise<boolean>;
  remembered(): Promise<ExecutionProvider | null>;
  remember(choice: ExecutionProvider): Promise<void>;
  /** Milliseconds a picture takes in one session; rejects where the provider does not work or takes too long. */
  measure(provider: ExecutionProvider): Promise<number>;
};

/** Measured on this device, once a model, and remembered: WebGPU is slower than wasm on many machines. */
export async function chooseProvider(deps: ChooseDeps): Promise<ExecutionProvider> {
  const known = await deps.remembered().catch(() => null);
  if (known) return known;
  if (!(await deps.hasGpu().catch(() => false))) return "wasm";
  const choice = await measureBoth(deps);
  await deps.remember(choice).catch(() => undefined);
  return choice;
}

async function measureBoth({ measure, wasmSessions }: ChooseDeps): Promise<ExecutionProvider> {
  try {
    // One after the other: side by side they would disturb each other.
    const gpuMs = await measure("webgpu");
    const wasmMs = await measure("wasm");
    return gpuMs < (wasmMs / wasmSessions) * MUST_TAKE_AT_MOST ? "webgpu" : "wasm";
  } catch {
    return "wasm";
  }
}
