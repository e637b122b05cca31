import { Agent, request } from "node:http";
import { paths } from "#contract/paths.ts";

export type Door = {
  /** Resolves when the answer was read whole: the batch is on disk. */
  post(body: Buffer): Promise<void>;
  /** Over all connections at once, in this order. */
  postAll(bodies: Buffer[]): Promise<void>;
  close(): void;
};

/** The gateway closes what is idle for 5 s; an idle connection is given up before, so that no batch meets its end. */
const IDLE_MS = 2_000;

/** `POST /api/events` over a few connections that are kept, as stations have them. */
export function openDoor(url: string, connections: number): Door {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, timeout: IDLE_MS });
  const post = (body: Buffer) =>
    new Promise<void>((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": body.length };
      const outgoing = request(url + paths.events, { method: "POST", agent, headers }, (response) => {
        response.resume().once("error", reject);
        response.once("end", () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`ingest answered ${response.statusCode}`));
        });
      });
      outgoing.once("error", reject).end(body);
    });
  return {
    post,
    async postAll(bodies) {
      const left = [...bodies];
      const sendAll = async () => {
        for (let body = left.shift(); body !== undefined; body = left.shift()) await post(body);
      };
      await Promise.all(Array.from({ length: connections }, sendAll));
    },
    close: () => agent.destroy(),
  };
}
