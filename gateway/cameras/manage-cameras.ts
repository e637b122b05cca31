import type { z } from "zod";
import type { Camera, CameraChange, CameraState, NewCamera } from "#contract/cameras.ts";
import type { Bus } from "../kernel/bus.ts";
import { GatewayError } from "../kernel/errors.ts";
import { maskAddress } from "./mask-address.ts";

/** A camera with its addresses in clear: never leaves the gateway, never enters a log. */
export type StoredCamera = Omit<Camera, "mainAddress" | "subAddress" | "hasPassword" | "state"> & {
  mainAddress: string;
  subAddress: string | null;
};

export type CameraStore = {
  /** In the order in which they were added. */
  all(): Promise<StoredCamera[]>;
  insert(camera: StoredCamera): Promise<void>;
  /** Overwrites the camera of the same id. */
  replace(camera: StoredCamera): Promise<void>;
  remove(id: string): Promise<void>;
};

type CameraInput = z.output<typeof NewCamera>;
export type ManageCamerasDeps = { store: CameraStore; bus: Bus; newId: () => string; nowMs: () => number };

const CONNECTION = ["mainAddress", "subAddress", "singleConnection", "rtspTransport"] as const;

/** More than a page shows or a small computer taps (the target is 100). */
export const MAX_CAMERAS = 256;

/**
 * The list of cameras. It is kept in memory too, so that taps get an address without a wait: this gateway alone writes
 * the table. Changes are told on the bus once they are on disk. How a camera is doing comes from the bus and is kept
 * only in memory.
 */
export async function createManageCameras({ store, bus, newId, nowMs }: ManageCamerasDeps) {
  const cameras = new Map((await store.all()).map((camera) => [camera.id, camera]));
  const states = new Map<string, CameraState>();
  let lastWrite: Promise<unknown> = Promise.resolve();

  bus.on("camera.state", ({ cameraId, state }) => {
    if (cameras.has(cameraId)) states.set(cameraId, state);
  });

  /** One write after the other: two changes of one camera at once must not undo each other. */
  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = lastWrite.then(write, write);
    lastWrite = turn.catch(() => undefined); // whoever asked for that write has its error
    return turn;
  }

  function findStored(id: string): StoredCamera {
    const camera = cameras.get(id);
    if (!camera) throw new GatewayError("not_found", "There is no such camera.");
    return camera;
  }

  const told = (camera: StoredCamera): Camera =>
    withoutSecrets(camera, states.get(camera.id) ?? { status: "unknown" });

  async function put(camera: StoredCamera, write: (camera: StoredCamera) => Promise<void>): Promise<Camera> {
    await write(camera);
    cameras.set(camera.id, camera);
    const answer = told(camera);
    bus.emit("camera.changed", { camera: answer });
    return answer;
  }

  async function removeNow(id: string): Promise<void> {
    await store.remove(findStored(id).id);
    cameras.delete(id);
    states.delete(id);
    bus.emit("camera.removed", { cameraId: id });
  }

  return {
    list: (): Camera[] => [...cameras.values()].map(told),
    find: (id: string): Camera => told(findStored(id)),
    /** With addresses in clear, for the parts that connect; undefined for a camera that is gone. */
    stored: (id: string): StoredCamera | undefined => cameras.get(id),

    add: (input: CameraInput, { demo = false, id = newId() } = {}): Promise<Camera> =>
      inTurn(async () => {
        if (cameras.size >= MAX_CAMERAS) {
          throw new GatewayError("conflict", `There are ${MAX_CAMERAS} cameras; remove one first.`);
        }
        const own = { id, demo, createdAtMs: nowMs() };
        return put({ ...input, subAddress: input.subAddress ?? null, ...own }, store.insert);
      }),

    change: (id: string, change: CameraChange): Promise<Camera> =>
      inTurn(async () => {
        const before = findStored(id);
        const after = changed(before, change);
        const isMoved = CONNECTION.some((field) => after[field] !== before[field]);
        if (isMoved) states.delete(id); // what is known is about another address
        const answer = await put(after, store.replace);
        if (isMoved) bus.emit("camera.moved", { cameraId: id });
        return answer;
      }),

    remove: (id: string): Promise<void> => inTurn(() => removeNow(id)),

    removeDemo: (): Promise<void> =>
      inTurn(async () => {
        for (const camera of [...cameras.values()]) if (camera.demo) await removeNow(camera.id);
      }),
  };
}
export type ManageCameras = Awaited<ReturnType<typeof createManageCameras>>;

function changed(before: StoredCamera, change: CameraChange): StoredCamera {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(given) };
}

function withoutSecrets({ subAddress, ...camera }: StoredCamera, state: CameraState): Camera {
  const main = maskAddress(camera.mainAddress);
  const sub = subAddress === null ? null : maskAddress(subAddress);
  return {
    ...camera,
    mainAddress: main.address,
    ...(sub && { subAddress: sub.address }),
    hasPassword: main.hasPassword || sub?.hasPassword === true,
    state,
  };
}
