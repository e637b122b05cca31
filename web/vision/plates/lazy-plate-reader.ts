import type { PlateReader } from "./plate-reader.ts";

/** A reader that holds something (a worker) that must be ended. */
export type OpenPlateReader = () => Promise<PlateReader & { close(): void }>;

type LazyPlateReaderDeps = { open: OpenPlateReader; nowMs(): number };

/** What could not be had is not asked for with every picture. */
const TRY_AGAIN_AFTER_MS = 30_000;

/**
 * Opens the reader with the first picture to read: a shop without a plate rule never pays for it. One that could not be
 * opened, or that failed, is ended and opened anew for the first picture half a minute later; until then every read
 * rejects. Reads are done one after the other.
 */
export function createLazyPlateReader({ open, nowMs }: LazyPlateReaderDeps): PlateReader & { close(): void } {
  let opening: ReturnType<OpenPlateReader> | null = null;
  let failed: { atMs: number; cause: unknown } | null = null;
  let last: Promise<unknown> = Promise.resolve();

  function close(): void {
    opening?.then(
      (reader) => reader.close(),
      () => undefined, // it never came
    );
    opening = null;
  }

  async function read(...[picture, vehicles]: Parameters<PlateReader["read"]>) {
    if (failed && nowMs() - failed.atMs < TRY_AGAIN_AFTER_MS) throw failed.cause;
    failed = null;
    opening ??= open();
    const mine = opening;
    try {
      return await (await mine).read(picture, vehicles);
    } catch (cause) {
      // closed meanwhile: what failed is not wanted any more
      if (mine === opening) {
        failed = { atMs: nowMs(), cause };
        close();
      }
      throw cause;
    }
  }

  return {
    read(picture, vehicles) {
      const mine = last.then(() => read(picture, vehicles));
      last = mine.catch(() => undefined); // told to whoever asked
      return mine;
    },
    close,
  };
}
