import { type ChannelModel, type ConfirmChannel, connect, credentials } from "amqplib";
import type { SinkTrouble } from "#contract/sink-troubles.ts";
import type { Delivered } from "../sink.ts";
import { amqpTrouble, codeOf, faultOf } from "./amqp-codes.ts";
import { createAwaited, type Dialled, type Line, type LineState } from "./broker-link.ts";

export type AmqpMessage = {
  exchange: string;
  routingKey: string;
  /** JSON. */
  body: string;
  messageId: string;
  type: string;
  atMs: number;
  /** Whether the broker says so when no queue is there for it; else it drops the message. */
  isMandatory: boolean;
};

/** `unroutable`: the broker gave a mandatory message back, since no queue is bound for it. */
export type AmqpAnswer = Delivered | { outcome: "unroutable" };

export type AmqpLine = Line & {
  /** Persistent; answered by the broker's confirm. Writes at once, without waiting for earlier ones. */
  publish(message: AmqpMessage): Promise<AmqpAnswer>;
};

export type AmqpAddress = {
  url: string;
  username: string;
  password: string | undefined;
  /** Seen in the broker's list of connections. */
  connectionName: string;
  /** Made where they are missing, durable. */
  exchanges: { name: string; type: "topic" | "direct" }[];
};

/** Both ends notice within twice this time that the other is gone. */
const HEARTBEAT_S = 20;
/** A reply code of AMQP 0-9-1. */
const ACCESS_REFUSED = 403;

export async function dialAmqp(address: AmqpAddress, signal: AbortSignal): Promise<Dialled<AmqpLine>> {
  // destroys the socket, however far it is: the library has no call for that
  const hangUp = new AbortController();
  const stop = () => hangUp.abort();
  signal.addEventListener("abort", stop);
  try {
    const options = {
      signal: hangUp.signal, // goes on to node:net and node:tls; the library's types do not name it
      credentials: credentialsOf(address),
      clientProperties: { connection_name: address.connectionName },
      noDelay: true,
    };
    const model = await connect(urlOf(address), options);
    model.on("error", () => {}); // the line says why; without a listener Node would end the process
    const channel = await openChannel(model, address.exchanges);
    return { status: "open", line: amqpLine(model, channel, () => hangUp.abort()) };
  } catch (error) {
    hangUp.abort();
    return { status: "failed", trouble: amqpTrouble(error) };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function urlOf({ url: text }: AmqpAddress): string {
  const url = new URL(text);
  if (!url.searchParams.has("heartbeat")) url.searchParams.set("heartbeat", String(HEARTBEAT_S));
  return url.href;
}

/** `guest` is what a new RabbitMQ knows. */
function credentialsOf({ url, username, password }: AmqpAddress) {
  return credentials.plain(
    username || decodeURIComponent(new URL(url).username) || "guest",
    password ?? "guest",
  );
}

async function openChannel(
  model: ChannelModel,
  exchanges: AmqpAddress["exchanges"],
): Promise<ConfirmChannel> {
  let channel = await confirmChannel(model);
  for (const { name, type } of exchanges) {
    try {
      await channel.assertExchange(name, type, { durable: true });
    } catch (error) {
      if (codeOf(error) !== ACCESS_REFUSED) throw error;
      // the user may not make exchanges: one that is there will do. The refusal has closed the channel.
      channel = await confirmChannel(model);
      await channel.checkExchange(name);
    }
  }
  return channel;
}

async function confirmChannel(model: ChannelModel): Promise<ConfirmChannel> {
  const channel = await model.createConfirmChannel();
  channel.on("error", () => {});
  return channel;
}

function amqpLine(model: ChannelModel, channel: ConfirmChannel, hangUp: () => void): AmqpLine {
  const awaited = createAwaited<AmqpAnswer>();
  /** Exchange and message id of those that came back; the confirm follows. */
  const returned = new Set<string>();
  let state: LineState = { status: "open" };

  function lose(trouble: SinkTrouble, code?: string): void {
    if (state.status === "lost") return;
    state = { status: "lost", trouble, ...(code !== undefined && { code }) };
    awaited.settleAll({ outcome: "retry", trouble });
    hangUp();
  }

  channel.on("return", ({ fields, properties }) => {
    returned.add(keyOf({ exchange: fields.exchange, messageId: properties.messageId }));
  });
  channel.on("error", (error: Error) => {
    const fault = faultOf(error);
    lose(fault?.trouble ?? amqpTrouble(error), fault?.code);
  });
  channel.on("close", () => lose({ code: "hung_up" }));
  model.on("error", (error) => lose(amqpTrouble(error)));
  model.on("close", (error) => lose(error ? amqpTrouble(error) : { code: "hung_up" }));
  model.on("blocked", (cause) => {
    if (state.status === "lost") return;
    const trouble: SinkTrouble = { code: "busy", detail: String(cause) };
    state = { status: "blocked", trouble };
    awaited.settleAll({ outcome: "retry", trouble });
  });
  model.on("unblocked", () => {
    if (state.status === "blocked") state = { status: "open" };
  });

  return {
    state: () => state,
    drop: (trouble) => lose(trouble),
    publish(message) {
      const { exchange, routingKey, body, messageId, type, atMs, isMandatory } = message;
      if (state.status !== "open") return Promise.resolve({ outcome: "retry", trouble: state.trouble });
      const options = {
        mandatory: isMandatory,
        persistent: true,
        contentType: "application/json",
        contentEncoding: "utf-8",
        messageId,
        type,
        timestamp: Math.floor(atMs / 1_000), // AMQP counts seconds
        appId: "guarita",
      };
      return awaited.add((settle) => {
        channel.publish(exchange, routingKey, Buffer.from(body), options, (error: unknown) => {
          const isReturned = returned.delete(keyOf(message));
          if (!error) settle({ outcome: isReturned ? "unroutable" : "acknowledged" });
          // a lost channel ends here too: its trouble, which is told in the same tick, goes first
          else queueMicrotask(() => settle({ outcome: "retry", trouble: nackOf(exchange) }));
        });
      });
    },
    async close() {
      // rejects where the connection is closed already
      if (state.status !== "lost") await model.close().catch(() => {});
    },
  };
}

const nackOf = (exchange: string): SinkTrouble => ({ code: "not_taken", detail: `${exchange} (nack)` });

const keyOf = ({ exchange, messageId }: { exchange: string; messageId: string }): string =>
  `${exchange} ${messageId}`;
