import type { MessagePort } from "node:worker_threads";
import { GatewayError, messageOf } from "../kernel/errors.ts";
import type { InsertRows } from "./group-commit.ts";
import type { EventRows } from "./insert-rows.ts";
import type { FromThread, ToThread } from "./storing.protocol.ts";

/** The storing thread's own side. Told to end, it first answers what is under way, then calls `close`. */
export function serveStoring(port: MessagePort, insertRows: InsertRows, close: () => void): void {
  const underWay = new Set<Promise<void>>();
  const tell = (message: FromThread) => port.postMessage(message);

  async function insert(id: number, rows: EventRows): Promise<void> {
    try {
      tell({ kind: "inserted", id, isNew: await insertRows(rows) });
    } catch (error) {
      const isUnavailable = error instanceof GatewayError && error.code === "storage_unavailable";
      tell({ kind: "failed", id, isUnavailable, message: messageOf(isUnavailable ? error.cause : error) });
    }
  }

  port.on("message", async (message: ToThread) => {
    if (message.kind === "insert") {
      const inserting = insert(message.id, message.rows);
      underWay.add(inserting);
      void inserting.then(() => underWay.delete(inserting));
      return;
    }
    await Promise.all(underWay);
    close();
    port.close();
  });
  tell({ kind: "ready" });
}
