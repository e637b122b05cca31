import type { FractionBox } from "#contract/payloads.ts";
import type { Picture } from "../detector.ts";
import type { PlateRead } from "../plates/plate-reader.ts";
import type { PlateModels } from "../station.ts";

/** What the plates' worker answers to (`web/lib/rpc.ts`). One call at a time. */
export type PlatesApi = {
  /** First of all calls. Makes both sessions; rejects with a `ModelError` on a model that is not what its entry says. */
  load(request: {
    models: PlateModels;
    finder: ArrayBuffer;
    reader: ArrayBuffer;
    /** Held by the worker for as long as it lives (`web/lib/worker-life.ts`). */
    lifeLock: string;
  }): Promise<void>;
  /** The picture is copied: whoever asks keeps it. */
  read(request: { picture: Picture; vehicles: FractionBox[] }): Promise<PlateRead[]>;
};
