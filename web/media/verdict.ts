import type { Camera, CameraStream } from "#contract/cameras.ts";
import type { Attempt } from "./attempt.ts";
import type { CameraMemory } from "./camera-memory.ts";
import type { NetworkMemory } from "./network-memory.ts";
import type { Transport } from "./player.ts";
import type { TransportFailure } from "./transport.ts";

/** After playing this long, a failure is the first one again. */
export const SETTLED_MS = 30_000;
/** The media server says by itself when it is ready; this only guards against an answer that crossed its start. */
const UNAVAILABLE_MS = 3_000;
const STREAMS: readonly CameraStream[] = ["main", "sub"];

type VerdictDeps = {
  facts: { camera: Pick<Camera, "id"> };
  memory: CameraMemory;
  network: NetworkMemory;
  nowMs: () => number;
};

/** Who is to blame for a failure, and what is left alone for it: a transport, for one stream of one camera. */
export function createVerdict({ facts: { camera }, memory, network, nowMs }: VerdictDeps) {
  /** `isClear`: gateway and camera were well meanwhile; else they are to blame. */
  function blame(attempt: Attempt, kind: TransportFailure["kind"], isClear: boolean): void {
    const { transport, stream, firstPictureAtMs, lastPictureAtMs } = attempt;
    const { failedLately, undecodable } = memory[stream];
    if (kind === "unsupported") undecodable.add(transport);
    else if (kind === "unavailable") holdMedia();
    else if (kind === "broken" && isClear) {
      // what played well for long may break once: it is asked again before anything worse is
      if (firstPictureAtMs !== null && lastPictureAtMs - firstPictureAtMs > SETTLED_MS) return;
      failedLately.note(transport);
      if (transport === "webrtc" && firstPictureAtMs === null) network.noteFailed(camera.id);
    }
  }

  function holdMedia(): void {
    for (const stream of STREAMS) {
      memory[stream].failedLately.note("webrtc", UNAVAILABLE_MS);
      memory[stream].failedLately.note("hls", UNAVAILABLE_MS);
    }
  }

  function pardonSince(sinceMs: number): void {
    for (const stream of STREAMS) memory[stream].failedLately.pardonSince(sinceMs);
  }

  return {
    blame,
    failedLately(stream: CameraStream): ReadonlySet<Transport> {
      const failed = memory[stream].failedLately.current();
      if (network.isBlocked()) failed.add("webrtc");
      return failed;
    },
    worked({ transport }: Attempt): void {
      if (transport === "webrtc") network.forget();
    },
    /** It goes on playing. */
    settle({ transport, stream, firstPictureAtMs }: Attempt): void {
      if (firstPictureAtMs !== null && nowMs() - firstPictureAtMs > SETTLED_MS)
        memory[stream].failedLately.forget(transport);
    },
    /** The camera was to blame. */
    pardonSince,
    /** The media server was. */
    mediaIsBack: () => pardonSince(nowMs() - SETTLED_MS),
    /** Another network, or another day. */
    forgive(): void {
      network.forget();
      for (const stream of STREAMS) memory[stream].undecodable.clear(); // a decoder may just have been short
      pardonSince(Number.NEGATIVE_INFINITY);
    },
  };
}
