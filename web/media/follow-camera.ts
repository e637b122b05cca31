import type { Camera, StreamFormat } from "#contract/cameras.ts";
import type { CameraMemory } from "./camera-memory.ts";
import type { WatchEvents } from "./camera-watch.ts";
import { hasSub } from "./choose-stream.ts";
import { unknownWay, type Way } from "./way.ts";

type FollowCameraDeps = {
  camera: Camera;
  memory: CameraMemory;
  /** Nothing is in the way any more; `afterFault`: what was tried meanwhile hangs on what is dead. */
  onClear(afterFault: boolean): void;
  /** The camera is found to be down: what failed lately may have been its fault. */
  onDown(): void;
  /** Anything was learned; after the other two. */
  onChange(): void;
};

/** Keeps what is known about the way to a camera, from what the gateway tells and from the camera list. */
export function createFollowCamera(deps: FollowCameraDeps) {
  const { memory, onClear, onChange } = deps;
  let { camera } = deps;
  let way: Way = unknownWay(camera.state);

  function learn(format: StreamFormat): void {
    const known = memory[hasSub(camera) ? "sub" : "main"];
    const isOther = format.codec !== known.format?.codec;
    known.format = format;
    if (!isOther || known.undecodable.size === 0) return;
    known.undecodable.clear();
    onClear(false);
  }

  const events: WatchEvents = {
    onLink(connected) {
      const wasLost = way.link === "lost";
      // the first message of a port may come before the hub has connected at all
      const link = connected ? "up" : way.link === "up" ? "lost" : way.link;
      way = { ...way, link, isTold: way.isTold && connected };
      if (connected && wasLost) onClear(true);
      onChange();
    },
    onCamera(state) {
      const { camera: before, isTold } = way;
      const wasDown = before.status === "down";
      if (state.status === "connecting" && wasDown) return; // still down, until it is online
      way = { ...way, camera: state, isTold: true };
      if (state.status === "online") {
        learn(state.format);
        if (wasDown || !isTold || before.status !== "online") onClear(wasDown);
      }
      if (state.status === "down") deps.onDown();
      onChange();
    },
    onFormat(format) {
      learn(format);
      onChange();
    },
    onClock(clockAheadMs) {
      way = { ...way, clockAheadMs };
    },
  };

  return {
    events,
    way: () => way,
    /** Nothing is known but the list. */
    restart(): void {
      way = unknownWay(camera.state);
    },
    update(next: Camera): void {
      camera = next;
      if (!way.isTold) way = { ...way, camera: next.state };
    },
    /** The gateway did not answer, before anybody told whether it is there. */
    noteUnanswered(): void {
      if (way.link === null) way = { ...way, link: "lost" };
    },
  };
}
