import type { HlsConfig, PlaylistLoaderConstructor } from "hls.js/light";
import type { Leave, Turns } from "../lib/turns.ts";

type Load = InstanceType<PlaylistLoaderConstructor>["load"];
type LoadArguments = Parameters<Load>;
type Callbacks = LoadArguments[2];
/** What is used of hls.js's own loader, the same for playlists and fragments. */
type LoaderConstructor = NonNullable<HlsConfig["pLoader"]>;

type LimitedLoaderDeps = {
  /** Called for each load; the load begins in its turn. */
  take: Turns;
  /** So many bytes of media came. */
  onBytes(count: number): void;
};

/** `Loader` that waits its turn, so that the tiles of a page together never take all connections to the gateway. */
export function limitedLoader(
  Loader: LoaderConstructor,
  { take, onBytes }: LimitedLoaderDeps,
): LoaderConstructor {
  return class extends Loader {
    #leave: Leave = () => undefined;
    /** Of a load that waits for its turn. */
    #waiting: (() => void) | null = null;

    override load(...[context, config, callbacks]: LoadArguments): void {
      this.context = context; // hls.js asks what is under way
      this.#waiting = () => callbacks.onAbort?.(this.stats, context, null);
      let isOver = false;
      let leave: Leave = () => undefined;
      this.#leave = () => {
        isOver = true;
        this.#waiting = null;
        leave();
      };
      leave = take(() => {
        this.#waiting = null;
        super.load(
          context,
          config,
          leavingFirst(callbacks, () => this.#leave(), onBytes),
        );
      });
      if (isOver) leave(); // it was over before `take` was back
    }

    override abort(): void {
      const waiting = this.#waiting;
      this.#leave();
      if (waiting) waiting();
      else super.abort();
    }

    override destroy(): void {
      this.#leave();
      super.destroy();
    }
  };
}

/** Gives up the turn before anything that may ask for the next. */
function leavingFirst(callbacks: Callbacks, leave: () => void, onBytes: (count: number) => void): Callbacks {
  const { onSuccess, onError, onTimeout, onAbort } = callbacks;
  return {
    ...callbacks,
    onSuccess(response, ...rest) {
      leave();
      if (response.data instanceof ArrayBuffer) onBytes(response.data.byteLength);
      onSuccess(response, ...rest);
    },
    onError(...failure) {
      leave();
      onError(...failure);
    },
    onTimeout(...timeout) {
      leave();
      onTimeout(...timeout);
    },
    onAbort(...aborted) {
      leave();
      onAbort?.(...aborted);
    },
  };
}
