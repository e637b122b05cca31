import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { hasRealModel, NO_SHARED } from "../../support/material.ts";
import { ROOT } from "../../support/processes.ts";

/** The part of onnxruntime-node used here: the same interface as onnxruntime-web's. */
type Ort = Pick<typeof import("onnxruntime-web/wasm"), "InferenceSession" | "Tensor">;

/** Not a dependency: whoever wants to compare installs it. In a variable, so that nobody looks for its types. */
const PACKAGE = "onnxruntime-node";
const SIDE_PX = 416;

export type Native =
  | { status: "open"; picturesPerS(lastsMs: number): Promise<number> }
  | { status: "missing"; reason: string };

async function load(): Promise<Ort | null> {
  try {
    // The package says so of itself.
    return (await import(PACKAGE)) as Ort;
  } catch {
    return null;
  }
}

/** The same weights by onnxruntime-node, the network alone, a session a core; its pictures are squares of 416. */
export async function openNative(): Promise<Native> {
  const ort = await load();
  if (!ort) return { status: "missing", reason: `${PACKAGE} is not installed` };
  if (!hasRealModel()) return { status: "missing", reason: NO_SHARED };
  const model = readFileSync(join(ROOT, "..", "shared", "models", "yolox_nano.onnx"));
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
  const sessions = await Promise.all(
    Array.from({ length: availableParallelism() }, () => ort.InferenceSession.create(model, options)),
  );
  const data = new Float32Array(3 * SIDE_PX * SIDE_PX).fill(114);
  const images = new ort.Tensor("float32", data, [1, 3, SIDE_PX, SIDE_PX]);
  return {
    status: "open",
    async picturesPerS(lastsMs) {
      let pictures = 0;
      const startedAtMs = performance.now();
      const work = async (session: (typeof sessions)[number]) => {
        while (performance.now() - startedAtMs < lastsMs) {
          await session.run({ images });
          pictures += 1;
        }
      };
      await Promise.all(sessions.map(work));
      return pictures / ((performance.now() - startedAtMs) / 1_000);
    },
  };
}
