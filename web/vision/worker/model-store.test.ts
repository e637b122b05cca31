import { expect, test } from "vitest";
import { aModel } from "./examples.memory.ts";
import { createModelStore, ModelUnavailable } from "./model-store.ts";

const digest = async (data: ArrayBuffer) => crypto.subtle.digest("SHA-256", data);
/** SHA-256 of the text "right", by sha256sum. */
const RIGHT = "27042f4e6eca7d0b2a7ee4026df2ecfa51d3339e6d122aa099118ecd8563bad9";
const OTHER = "0".repeat(64);

function storeWith(answers: Record<string, string | number>) {
  const asked: string[] = [];
  const loadModel = createModelStore({
    fetch: async (address, { cache }) => {
      asked.push(`${address} ${cache}`);
      const answer = answers[cache ?? ""] ?? 404;
      return typeof answer === "number" ? new Response(null, { status: answer }) : new Response(answer);
    },
    digest,
  });
  return { loadModel, asked };
}

test("a model that is what its checksum promises is given as it is", async () => {
  const { loadModel, asked } = storeWith({ default: "right" });
  const model = await loadModel(aModel({ file: "a b.onnx", sha256: [OTHER, RIGHT] }));
  expect(new TextDecoder().decode(model)).toBe("right");
  expect(asked).toEqual(["/models/a%20b.onnx default"]);
});

test("an old copy in a cache is fetched anew", async () => {
  const { loadModel } = storeWith({ default: "old", reload: "right" });
  const model = await loadModel(aModel({ sha256: [RIGHT] }));
  expect(new TextDecoder().decode(model)).toBe("right");
});

test("a file that is not the model is refused", async () => {
  const { loadModel } = storeWith({ default: "wrong", reload: "wrong" });
  await expect(loadModel(aModel({ sha256: [RIGHT] }))).rejects.toThrow(ModelUnavailable);
});

test("a model without a checksum is taken as it comes; one that is not there is unavailable", async () => {
  const there = await storeWith({ default: "any" }).loadModel(aModel({ sha256: [] }));
  expect(there.byteLength).toBe(3);
  await expect(storeWith({ default: 503 }).loadModel(aModel())).rejects.toThrow(ModelUnavailable);
});
