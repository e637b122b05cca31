import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { connect as connectAmqp } from "amqplib";
import { connectAsync } from "mqtt";
import pg from "pg";
import { vi } from "vitest";
import { type NewSink, type SinkKind, SinkTarget, type TargetOf } from "#contract/sinks.ts";
import { supabaseTableSql } from "#contract/supabase-table.ts";
import {
  mosquitto,
  portOf,
  rabbitmq,
  startMosquitto,
  startRabbitmq,
} from "./delivery/sinks/brokers.memory.ts";
import { startFrigateReceiver } from "./delivery/sinks/frigate-receiver.memory.ts";
import { startHttpReceiver } from "./delivery/sinks/http-receiver.memory.ts";
import { startPostgrest } from "./delivery/sinks/postgrest.memory.ts";
import { aServer, POSTGRES_PROGRAMS } from "./kernel/postgres-server.memory.ts";

/** A receiving end of one kind, and the sink that sends to it. */
export type ReceivingEnd = {
  sink: Pick<NewSink, "target" | "secrets">;
  kill(): Promise<void>;
  /** On the same address, with what it had. */
  start(): Promise<void>;
  /** What it has, a receipt as often as it has it. */
  receipts(): Promise<string[]>;
  end(): Promise<void>;
};

const KEY = "of a test";

/** Why an end cannot be started on this computer; kinds that are not named can be. */
export const MISSING: Partial<Record<SinkKind, string>> = {
  ...(!rabbitmq && { amqp: "no rabbitmq-server here" }),
  ...(!mosquitto && { mqtt: "no mosquitto here" }),
  ...(POSTGRES_PROGRAMS === null && { supabase: "no postgres here" }),
};

/** `cameras`: the names that Frigate knows. */
export const startEnd: Record<SinkKind, (cameras: string[]) => Promise<ReceivingEnd>> = {
  async http() {
    const receiver = await startHttpReceiver({ hmacKey: KEY });
    return {
      ...receiver,
      sink: { target: { kind: "http", url: receiver.url }, secrets: { hmacKey: KEY } },
      receipts: async () => [...receiver.stored.keys()],
      end: receiver.kill,
    };
  },

  async frigate(cameras) {
    const frigate = await startFrigateReceiver({ cameras, writesAfterMs: 5 });
    return {
      ...frigate,
      sink: { target: { kind: "frigate", url: frigate.url } },
      // the receipt ends the sub label
      receipts: async () => [...frigate.rows.values()].map((row) => row.sub_label?.split(" ").at(-1) ?? ""),
      end: frigate.kill,
    };
  },

  async supabase() {
    const postgres = aServer();
    const query = async (sql: string): Promise<pg.QueryResult> => {
      const client = new pg.Client(postgres.url("postgres"));
      await client.connect();
      return client.query(sql).finally(() => client.end());
    };
    const postgrest = await startPostgrest({ databaseUrl: postgres.url("postgres"), key: KEY });
    const target = SinkTarget.parse({ kind: "supabase", url: postgrest.url }) as TargetOf<"supabase">; // its kind says so
    await query("create role service_role");
    await query(supabaseTableSql(target));
    return {
      sink: { target, secrets: { key: KEY } },
      async kill() {
        postgres.stop();
        await postgrest.kill();
      },
      async start() {
        postgres.start();
        await postgrest.start();
      },
      receipts: async () => (await query("select receipt_id from guarita_events")).rows.map(receiptOf),
      async end() {
        await postgrest.close();
        postgres.remove();
      },
    };
  },

  /**
   * MQTT keeps nothing for a subscriber that is not there: so the sink comes to the broker through a door that opens
   * when the subscriber is. By QoS 0 that one says nothing to the broker, and so loses nothing of what it was sent.
   */
  async mqtt() {
    const broker = await startMosquitto();
    const receipts: string[] = [];
    const door = await openDoor(Number(new URL(broker.url).port));
    async function subscribe(): Promise<void> {
      const client = await connectAsync(broker.url, { protocolVersion: 5, reconnectPeriod: 0 });
      client.on("error", () => {}); // the broker is killed
      client.on("message", (_topic, payload) => receipts.push(receiptOf(JSON.parse(payload.toString()))));
      await client.subscribeAsync("shop/#", { qos: 0 });
    }
    await subscribe();
    return {
      sink: { target: { kind: "mqtt", url: `mqtt://127.0.0.1:${door.port}`, topics: ["shop/{event_name}"] } },
      async kill() {
        await broker.kill();
        await door.close();
      },
      async start() {
        await broker.start();
        await subscribe();
        await door.open();
      },
      receipts: async () => receipts,
      async end() {
        await door.close();
        await broker.end();
      },
    };
  },

  async amqp() {
    const broker = await startRabbitmq();
    const target = SinkTarget.parse({ kind: "amqp", url: broker.url }) as TargetOf<"amqp">; // its kind says so
    const model = await connectAmqp(broker.url);
    const channel = await model.createChannel();
    await channel.assertExchange(target.exchange, "topic", { durable: true });
    const { queue } = await channel.assertQueue("all", { durable: true });
    await channel.bindQueue(queue, target.exchange, "#");
    await model.close();
    return {
      ...broker,
      sink: { target },
      receipts: () => readQueue(broker.url, queue),
    };
  },
};

const receiptOf = ({ receipt_id }: { receipt_id: string }): string => receipt_id;

/** Everything that is in it. */
async function readQueue(url: string, queue: string): Promise<string[]> {
  const model = await connectAmqp(url);
  const channel = await model.createChannel();
  const { messageCount } = await channel.checkQueue(queue);
  const receipts: string[] = [];
  await channel.consume(queue, (message) => void receipts.push(message?.properties.messageId), {
    noAck: true,
  });
  await vi.waitUntil(() => receipts.length >= messageCount, { timeout: 60_000, interval: 10 });
  await model.close();
  return receipts;
}

/** A port that leads to another, while it is open. */
async function openDoor(toPort: number) {
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let port = 0;

  function lead(from: Socket): void {
    const to = dial(toPort, "127.0.0.1");
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one);
      one.on("error", () => {}); // `close` follows
      one.once("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
  async function open(): Promise<void> {
    server = createServer(lead).listen(port, "127.0.0.1");
    port = await portOf(server);
  }
  async function close(): Promise<void> {
    const closing = server;
    server = null;
    for (const socket of sockets) socket.destroy();
    if (closing) await new Promise((closed) => closing.close(closed));
  }
  await open();
  return { port, open, close };
}
