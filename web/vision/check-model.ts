import type { ModelCheck } from "#contract/models.ts";
import type { ModelEntry } from "#contract/system.ts";
import { rpcClient } from "../lib/rpc.ts";
import type { ModelCheckApi } from "./worker/model-check.protocol.ts";
import type { CheckResult } from "./worker/model-check.ts";

/** A model that loads and answers more slowly is of no use on this device. */
const CHECK_AT_MOST_MS = 90_000;

/**
 * Runs a model on test pictures in a worker of its own, which a broken one may bring down. Rejects when the file cannot
 * be had from the gateway.
 */
export async function checkModel(entry: ModelEntry): Promise<ModelCheck> {
  const worker = new Worker(new URL("./worker/model-check.worker.ts", import.meta.url), {
    type: "module",
    name: "model-check",
  });
  const { call } = rpcClient<ModelCheckApi>(worker);
  try {
    const result = await Promise.race([call("check", { entry }), died(worker), tooLong()]);
    return { ...result, atMs: Date.now() };
  } finally {
    worker.terminate();
  }
}

const failed = (detail: string): CheckResult => ({ status: "failed", reason: "cannot_run", detail });

const died = (worker: Worker): Promise<CheckResult> =>
  new Promise((resolve) => {
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      resolve(failed(event.message || "the worker that runs it failed"));
    });
  });

const tooLong = (): Promise<CheckResult> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(failed(`no answer within ${CHECK_AT_MOST_MS / 1_000} s`)), CHECK_AT_MOST_MS);
  });
