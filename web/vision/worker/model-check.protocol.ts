import type { ModelEntry } from "#contract/system.ts";
import type { CheckResult } from "./model-check.ts";

/** What the worker that checks models answers to (`web/lib/rpc.ts`). */
export type ModelCheckApi = {
  /** Rejects with `ModelUnavailable` when the file cannot be had, or is not the one its entry promises. */
  check(request: { entry: ModelEntry }): Promise<CheckResult>;
};
