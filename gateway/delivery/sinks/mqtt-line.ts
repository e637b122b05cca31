import { connect, type IClientOptions, type IConnackPacket, type MqttClient } from "mqtt";
import type { SinkTrouble } from "#contract/sink-troubles.ts";
import type { Delivered } from "../sink.ts";
import { reasonOf } from "../troubles.ts";
import { createAwaited, type Dialled, type Line, type LineState, STOPPED } from "./broker-link.ts";
import { connectTrouble, disconnectTrouble, pubackOutcome } from "./mqtt-codes.ts";
import { networkTrouble } from "./network-trouble.ts";

/** Sent with QoS 1. */
export type MqttMessage = { topic: string; payload: string; isRetained: boolean; receiptId?: string };

export type MqttLine = Line & {
  /** The broker's answer; messages leave in the order of the calls. */
  publish(message: MqttMessage): Promise<Delivered>;
};

export type MqttAddress = {
  url: string;
  username: string;
  password: string | undefined;
  clientId: string;
  /** Says `online` while this line is there and `offline` after it. */
  statusTopic: string;
  /** Whether `statusTopic` is retained. */
  isRetained: boolean;
  onTrouble(what: string, cause: unknown): void;
};

/** 5 is MQTT 5, 4 is MQTT 3.1.1. */
type Version = 4 | 5;
type Knock =
  | { status: "open"; client: MqttClient; connack: IConnackPacket }
  /** `tryOlder`: this may be for the version; `always` when the broker said so. */
  | { status: "failed"; trouble: SinkTrouble; tryOlder?: "once" | "always" };

const KEEPALIVE_S = 30;
/** The broker forgets the session of a gateway that was away so long. */
const SESSION_EXPIRY_S = 7 * 24 * 3_600;
/** Messages on their way at a time, where the broker names no lower limit of its own. */
const MAX_IN_FLIGHT = 100;
/** What MQTT adds to topic and payload: header, ids, properties. */
const PACKET_OVERHEAD_BYTES = 160;

/** Dials with MQTT 5, and with 3.1.1 a broker that speaks no newer one. */
export function mqttDialler(address: MqttAddress): (signal: AbortSignal) => Promise<Dialled<MqttLine>> {
  let newest: Version = 5;
  return async function dial(signal) {
    let met = await knock(address, newest, signal);
    if (met.status === "failed" && newest === 5 && met.tryOlder) {
      if (met.tryOlder === "always") newest = 4;
      met = await knock(address, 4, signal);
    }
    if (met.status === "failed") return met;
    const line = mqttLine(met.client, met.connack, address);
    return welcomed(line, met.connack, address, signal);
  };
}

async function welcomed(
  line: MqttLine,
  { properties }: IConnackPacket,
  { statusTopic, isRetained, onTrouble }: MqttAddress,
  signal: AbortSignal,
): Promise<Dialled<MqttLine>> {
  if (properties?.maximumQoS === 0) line.drop({ code: "no_acknowledgement" });
  const stop = () => line.drop(STOPPED);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const answer = await line.publish({ topic: statusTopic, payload: "online", isRetained });
  signal.removeEventListener("abort", stop);
  const state = line.state();
  if (state.status !== "open") return { status: "failed", trouble: state.trouble };
  if (answer.outcome !== "acknowledged") onTrouble(`${statusTopic} was not taken`, reasonOf(answer.trouble));
  return { status: "open", line };
}

function optionsFor(address: MqttAddress, protocolVersion: Version): IClientOptions {
  const { clientId, username, password, statusTopic, isRetained } = address;
  return {
    protocolVersion,
    clientId,
    clean: false,
    ...(protocolVersion === 5 && { properties: { sessionExpiryInterval: SESSION_EXPIRY_S } }),
    ...(username !== "" && { username }),
    ...(password !== undefined && { password }),
    keepalive: KEEPALIVE_S,
    will: { topic: statusTopic, payload: Buffer.from("offline"), qos: 1, retain: isRetained },
    // a client serves one connection: what it left unanswered is the outbox's to send again, not the library's
    reconnectPeriod: 0,
    queueQoSZero: false,
    resubscribe: false,
  };
}

function knock(address: MqttAddress, version: Version, signal: AbortSignal): Promise<Knock> {
  const client = connect(address.url, optionsFor(address, version));
  return new Promise((resolve) => {
    const fail = (trouble: SinkTrouble, tryOlder?: "once" | "always") => {
      done({ status: "failed", trouble, ...(tryOlder && { tryOlder }) });
      client.end(true);
    };
    const onConnect = (connack: IConnackPacket) => done({ status: "open", client, connack });
    const onError = (error: unknown) => {
      const { trouble, isVersion } = connectTrouble(error);
      fail(trouble, isVersion ? "always" : undefined);
    };
    const onClose = () => fail({ code: "no_greeting" }, "once");
    const onAbort = () => fail(STOPPED);
    function done(met: Knock): void {
      client.off("connect", onConnect).off("error", onError).off("close", onClose);
      signal.removeEventListener("abort", onAbort);
      resolve(met);
    }
    client.on("connect", onConnect).on("error", onError).on("close", onClose);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
  });
}

function mqttLine(client: MqttClient, { properties }: IConnackPacket, address: MqttAddress): MqttLine {
  const maxInFlight = Math.min(MAX_IN_FLIGHT, properties?.receiveMaximum ?? MAX_IN_FLIGHT);
  const maxPacketBytes = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
  const awaited = createAwaited<Delivered>();
  let queue: { message: MqttMessage; settle(answer: Delivered): void }[] = [];
  let inFlight = 0;
  let state: LineState = { status: "open" };

  function lose(why: { trouble: SinkTrouble; code?: string }): void {
    if (state.status === "lost") return;
    state = { status: "lost", ...why };
    queue = [];
    awaited.settleAll({ outcome: "retry", trouble: why.trouble });
    client.end(true);
  }

  client.on("disconnect", ({ reasonCode = 0 }) => lose(disconnectTrouble(reasonCode)));
  client.on("error", (error) => lose({ trouble: networkTrouble(error) }));
  client.on("close", () => lose({ trouble: { code: "broke_off" } }));

  function sendNext(): void {
    while (state.status === "open" && inFlight < maxInFlight) {
      const next = queue.shift();
      if (!next) return;
      inFlight += 1;
      put(next.message, (answer) => {
        inFlight -= 1;
        next.settle(answer);
        sendNext();
      });
    }
  }

  function put(message: MqttMessage, settle: (answer: Delivered) => void): void {
    const { topic, payload, isRetained, receiptId } = message;
    const options = {
      qos: 1,
      retain: isRetained,
      properties: {
        payloadFormatIndicator: true,
        contentType: receiptId === undefined ? "text/plain" : "application/json",
        ...(receiptId !== undefined && { userProperties: { receipt_id: receiptId } }),
      },
    } as const;
    client.publish(topic, payload, options, (error) => {
      settle(error ? pubackOutcome(error, message) : { outcome: "acknowledged" });
    });
  }

  function publish(message: MqttMessage): Promise<Delivered> {
    if (state.status === "lost") return Promise.resolve({ outcome: "retry", trouble: state.trouble });
    const sizeBytes =
      Buffer.byteLength(message.payload) + Buffer.byteLength(message.topic) + PACKET_OVERHEAD_BYTES;
    if (sizeBytes > maxPacketBytes) return Promise.resolve(tooLarge(message, maxPacketBytes));
    return awaited.add((settle) => {
      queue.push({ message, settle });
      sendNext();
    });
  }

  return {
    publish,
    state: () => state,
    drop: (trouble) => lose({ trouble }),
    async close() {
      // a clean goodbye makes the broker forget the last will
      await publish({ topic: address.statusTopic, payload: "offline", isRetained: address.isRetained });
      if (state.status === "open") await client.endAsync();
    },
  };
}

const tooLarge = (message: MqttMessage, maxPacketBytes: number): Delivered => ({
  outcome: "refused",
  code: "too_large",
  trouble: { code: "too_large", detail: `> ${maxPacketBytes} bytes` },
  request: `PUBLISH ${message.topic}`,
  answer: "",
});
