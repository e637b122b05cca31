import { describe, expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import type { CameraStore, StoredCamera } from "./manage-cameras.ts";

export const aStoredCamera = (overrides: Partial<StoredCamera> = {}): StoredCamera => ({
  id: anId(),
  name: "Caixa 1 ação",
  place: "Entrada",
  mainAddress: "rtsp://user:s%40cret@10.0.0.9:554/main",
  subAddress: "rtsp://user:s%40cret@10.0.0.9:554/sub",
  singleConnection: true,
  rtspTransport: "udp",
  analysed: false,
  queueThreshold: 7,
  demo: false,
  createdAtMs: 1_700_000_000_000,
  ...overrides,
});

/** What every store of cameras must do. */
export function testCameraStore(name: string, open: () => Promise<CameraStore>): void {
  describe(name, () => {
    test("gives cameras back as they were stored, the first added first", async () => {
      const store = await open();
      const later = aStoredCamera({ createdAtMs: 2_000, subAddress: null, demo: true, analysed: true });
      const earlier = aStoredCamera({ createdAtMs: 1_000, singleConnection: false });
      await store.insert(later);
      await store.insert(earlier);
      expect(await store.all()).toEqual([earlier, later]);
    });

    test("replaces one camera and leaves the others", async () => {
      const store = await open();
      const [one, two] = [aStoredCamera(), aStoredCamera()];
      await store.insert(one);
      await store.insert(two);
      await store.replace({ ...one, name: "Caixa 2", subAddress: null });
      expect(await store.all()).toEqual([{ ...one, name: "Caixa 2", subAddress: null }, two]);
    });

    test("replaces nothing for a camera that is gone", async () => {
      const store = await open();
      await store.replace(aStoredCamera());
      expect(await store.all()).toEqual([]);
    });

    test("removes one camera, and a second time does nothing", async () => {
      const store = await open();
      const [one, two] = [aStoredCamera(), aStoredCamera()];
      await store.insert(one);
      await store.insert(two);
      await store.remove(one.id);
      await store.remove(one.id);
      expect(await store.all()).toEqual([two]);
    });
  });
}
