import { createHash } from "node:crypto";
import type { EventRecord } from "#contract/events.ts";
import type { CameraChange, Delivered, OpenSink, SinkDeps } from "../sink.ts";
import { createBrokerLink } from "./broker-link.ts";
import { type MqttLine, mqttDialler } from "./mqtt-line.ts";
import { topicOf } from "./mqtt-topic.ts";

/**
 * Each event to each topic by its templates, as the record in JSON; acknowledged when the broker has answered for all
 * of them (PUBACK). That nobody subscribes is no failure in MQTT. Beside them, as receivers.md says: the state of each
 * camera and the status of the store.
 */
export const openMqttSink: OpenSink<"mqtt"> = (deps) => {
  const { target, secrets, onTrouble } = deps;
  const link = createBrokerLink(
    mqttDialler({
      url: target.url,
      username: target.username,
      password: secrets.password,
      clientId: clientIdOf(deps),
      statusTopic: statusTopicOf(deps),
      isRetained: target.retainsState,
      onTrouble,
    }),
  );
  return {
    send: (events, signal) => link.exchange(signal, (line) => deliverAll(line, events, deps)),
    sendCameraChange: (change, signal) => link.ask(signal, (line) => forgetRemoved(line, change, deps)),
    close: link.close,
  };
};

/**
 * The same after every restart, and another for each gateway of the store: a broker allows a client id one connection.
 * Letters and digits, 23 of them: what every broker must take (MQTT 3.1.1, 3.1.3.1).
 */
function clientIdOf({ target, storeId, gatewayId, sinkId }: SinkDeps<"mqtt">): string {
  const own = createHash("sha256").update(`${gatewayId}/${sinkId}`).digest("hex").slice(0, 16);
  if (target.clientId === "") return `guarita${own}`;
  return gatewayId === storeId ? target.clientId : `${target.clientId}-${own.slice(0, 8)}`;
}

/** That of the store is its first gateway's; each other one has its own below it. */
function statusTopicOf({ storeId, gatewayId }: SinkDeps<"mqtt">): string {
  const topic = topicOf("guarita/{store_id}/status", { store_id: storeId });
  return gatewayId === storeId ? topic : `${topic}/${gatewayId}`;
}

function deliverAll(line: MqttLine, events: EventRecord[], deps: SinkDeps<"mqtt">): Promise<Delivered>[] {
  const states = new Set(lastHealthOfEach(events));
  return events.map(async (event) => {
    const payload = JSON.stringify(event);
    const topics = new Set(deps.target.topics.map((template) => topicOf(template, event)));
    const answers = [...topics].map((topic) =>
      line.publish({ topic, payload, isRetained: false, receiptId: event.receipt_id }),
    );
    if (deps.target.retainsState && states.has(event)) answers.push(retainState(line, event, deps));
    return worstOf(await Promise.all(answers));
  });
}

function lastHealthOfEach(events: EventRecord[]): EventRecord[] {
  const last = new Map<string, EventRecord>();
  for (const event of events) {
    if (event.event_name === "camera.health" && event.camera_id) last.set(event.camera_id, event);
  }
  return [...last.values()];
}

const stateTopic = (event: { store_id: string; camera_id?: string | undefined }): string =>
  topicOf("guarita/{store_id}/{camera_id}/state", event as Partial<EventRecord> & { store_id: string });

/** Leaves a newer state as it is: what was parked may come late. Nor is a camera that is gone brought back. */
async function retainState(
  line: MqttLine,
  event: EventRecord,
  { notes, cameraName }: SinkDeps<"mqtt">,
): Promise<Delivered> {
  const { camera_id: cameraId = "", payload, ts, receipt_id: receiptId } = event;
  const newest = await notes.get(noteOf(cameraId));
  if ((await cameraName(cameraId)) === null || (newest !== null && Date.parse(newest) > Date.parse(ts))) {
    return { outcome: "acknowledged" };
  }
  const message = {
    topic: stateTopic(event),
    payload: JSON.stringify(payload ?? {}),
    isRetained: true,
    receiptId,
  };
  const answer = await line.publish(message);
  if (answer.outcome === "acknowledged") await notes.set(noteOf(cameraId), ts);
  return answer;
}

/** Of the changes of the camera list only this one matters here: an empty message takes the retained one away. */
async function forgetRemoved(
  line: MqttLine,
  change: CameraChange,
  { target, notes }: SinkDeps<"mqtt">,
): Promise<Delivered> {
  if (change.kind !== "camera.removed" || !target.retainsState) return { outcome: "acknowledged" };
  const topic = stateTopic({ store_id: change.storeId, camera_id: change.cameraId });
  const answer = await line.publish({ topic, payload: "", isRetained: true });
  if (answer.outcome === "acknowledged") await notes.delete(noteOf(change.cameraId));
  return answer;
}

const noteOf = (cameraId: string): string => `state_at/${cameraId}`;

/** One that may still come about goes before a refusal, so that only what is refused alone is parked. */
function worstOf(answers: Delivered[]): Delivered {
  const of = (outcome: Delivered["outcome"]) => answers.find((answer) => answer.outcome === outcome);
  return of("retry") ?? of("refused") ?? { outcome: "acknowledged" };
}
