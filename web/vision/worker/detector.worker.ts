import { rpcServe, transferring } from "../../lib/rpc.ts";
import { holdLife } from "../../lib/worker-life.ts";
import type { Detector, Picture } from "../detector.ts";
import type { DetectorApi } from "./detector.protocol.ts";
import { createOnnxDetector } from "./onnx-detector.ts";
import { loadRuntime } from "./onnx-runtime.ts";

let detector: Detector | null = null;

function loaded(): Detector {
  if (!detector) throw new Error("no model was loaded");
  return detector;
}

rpcServe<DetectorApi>(self, {
  async load({ entry, model, executionProvider, lifeLock }) {
    await holdLife(lifeLock);
    const runtime = await loadRuntime(executionProvider);
    detector = await createOnnxDetector(runtime, entry, new Uint8Array(model));
    return { executionProvider: detector.executionProvider };
  },
  async detect({ picture }) {
    const detected = await loaded().detect(picture);
    const { bytes } = picture;
    return transferring({ ...detected, bytes }, [bytes.buffer]);
  },
  async measure({ runs }) {
    const picture = greyPicture();
    const tookMs: number[] = [];
    for (let run = 0; run < runs; run += 1) tookMs.push((await loaded().detect(picture)).detectMs);
    return tookMs.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
  },
});

/** 640x360, the size of many sub streams. What is in it does not change how long it takes. */
function greyPicture(): Picture {
  const [widthPx, heightPx] = [640, 360];
  const plane = { offset: 0, stepBytes: 1 };
  const chroma = { ...plane, strideBytes: widthPx / 2 };
  return {
    widthPx,
    heightPx,
    bytes: new Uint8Array(widthPx * heightPx).fill(128),
    pixels: {
      kind: "yuv420",
      y: { ...plane, strideBytes: widthPx },
      u: chroma,
      v: chroma,
      matrix: "bt601",
      fullRange: false,
    },
  };
}
