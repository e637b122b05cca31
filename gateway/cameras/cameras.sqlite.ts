import type { CamerasTable, Database } from "../kernel/database.ts";
import type { SecretBox } from "../kernel/secret-box.ts";
import type { CameraStore, StoredCamera } from "./manage-cameras.ts";

/** Cameras in SQLite; addresses are sealed, for they hold passwords. `all` throws when the key is not theirs. */
export function sqliteCameras({ db, box }: { db: Database; box: SecretBox }): CameraStore {
  const toRow = (camera: StoredCamera): CamerasTable => ({
    id: camera.id,
    name: camera.name,
    place: camera.place,
    main_address: box.seal(camera.mainAddress),
    sub_address: camera.subAddress === null ? null : box.seal(camera.subAddress),
    single_connection: Number(camera.singleConnection),
    analysed: Number(camera.analysed),
    queue_threshold: camera.queueThreshold,
    demo: Number(camera.demo),
    created_at_ms: camera.createdAtMs,
    rtsp_transport: camera.rtspTransport,
  });

  const toCamera = (row: CamerasTable): StoredCamera => ({
    id: row.id,
    name: row.name,
    place: row.place,
    mainAddress: openAddress(box, row.main_address),
    subAddress: row.sub_address === null ? null : openAddress(box, row.sub_address),
    singleConnection: row.single_connection === 1,
    analysed: row.analysed === 1,
    queueThreshold: row.queue_threshold,
    demo: row.demo === 1,
    createdAtMs: row.created_at_ms,
    rtspTransport: row.rtsp_transport,
  });

  return {
    all: async () =>
      (await db.selectFrom("cameras").selectAll().orderBy("created_at_ms").orderBy("id").execute()).map(
        toCamera,
      ),
    async insert(camera) {
      await db.insertInto("cameras").values(toRow(camera)).execute();
    },
    async replace(camera) {
      const { id, ...row } = toRow(camera);
      await db.updateTable("cameras").set(row).where("id", "=", id).execute();
    },
    async remove(id) {
      await db.deleteFrom("cameras").where("id", "=", id).execute();
    },
  };
}

function openAddress(box: SecretBox, sealed: Buffer): string {
  try {
    return box.open(sealed);
  } catch (cause) {
    throw new Error("the file secret.key does not open the camera addresses in the database", { cause });
  }
}
