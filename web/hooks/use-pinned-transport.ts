import { useSyncExternalStore } from "react";
import type { Transport } from "../media/player.ts";
import { useServices } from "./services.ts";

/** What people chose for a camera and for this device; the camera's own goes first. */
export function usePinnedTransport(cameraId: string) {
  const { pins } = useServices();
  return {
    camera: useSyncExternalStore(pins.subscribe, () => pins.camera(cameraId)),
    device: useSyncExternalStore(pins.subscribe, pins.device),
    pinCamera: (transport: Transport | null) => pins.pinCamera(cameraId, transport),
    pinDevice: pins.pinDevice,
  };
}
