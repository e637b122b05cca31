import { expect, test } from "vitest";
import { chooseProvider } from "./choose-provider.ts";
import type { ExecutionProvider } from "./station-memory.ts";

function deviceWith(options: {
  gpu?: boolean;
  gpuMs?: number | null;
  wasmMs?: number;
  known?: ExecutionProvider;
}) {
  const kept: string[] = [];
  const measured: string[] = [];
  const choice = chooseProvider({
    wasmSessions: 2,
    hasGpu: async () => options.gpu ?? true,
    remembered: async () => options.known ?? null,
    remember: async (provider) => void kept.push(provider),
    measure: async (provider) => {
      measured.push(provider);
      const ms = provider === "webgpu" ? options.gpuMs : options.wasmMs;
      if (typeof ms !== "number") throw new Error("no answer within 8000 ms");
      return ms;
    },
  });
  return { choice, kept, measured };
}

test("a graphics processor is used where it beats all wasm sessions together", async () => {
  const { choice, kept } = deviceWith({ gpuMs: 10, wasmMs: 60 });
  expect(await choice).toBe("webgpu");
  expect(kept).toEqual(["webgpu"]);
});

test("one that only beats a single session is not", async () => {
  expect(await deviceWith({ gpuMs: 28, wasmMs: 60 }).choice).toBe("wasm");
});

test("one that fails or takes too long is not, and that is remembered", async () => {
  const { choice, kept } = deviceWith({ gpuMs: null, wasmMs: 60 });
  expect(await choice).toBe("wasm");
  expect(kept).toEqual(["wasm"]);
});

test("without one nothing is measured, and nothing remembered: it may be plugged in later", async () => {
  const { choice, measured, kept } = deviceWith({ gpu: false });
  expect(await choice).toBe("wasm");
  expect([...measured, ...kept]).toEqual([]);
});

test("what was found out once is not measured again", async () => {
  const { choice, measured } = deviceWith({ known: "webgpu" });
  expect(await choice).toBe("webgpu");
  expect(measured).toEqual([]);
});
