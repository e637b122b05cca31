import type { EventName, EventRecord } from "#contract/events.ts";
import type { CameraChange, Delivered, OpenSink, SinkDeps } from "../sink.ts";
import { type AmqpAnswer, type AmqpLine, dialAmqp } from "./amqp-line.ts";
import { createBrokerLink } from "./broker-link.ts";

/** What a station noticed; these go to the direct exchange too. */
const FROM_VISION: ReadonlySet<EventName> = new Set([
  "queue.detected",
  "idle.detected",
  "compliance.detected",
  "vision.metrics.v1",
]);

/**
 * Each event to the topic exchange, and what vision noticed to the direct one too, by its name as routing key.
 *
 * An event for which no queue is bound would be gone, and RabbitMQ would confirm it all the same. So messages are
 * mandatory, and one that no exchange had a queue for waits with a reason: somebody binds a queue, or leaves its name
 * out of this sink. One queue at either exchange is enough: most shops use one of the two, and an event that waits for
 * the other would reach this one again with each try.
 */
export const openAmqpSink: OpenSink<"amqp"> = ({ target, secrets, storeId }) => {
  const address = {
    url: target.url,
    username: target.username,
    password: secrets.password,
    connectionName: `guarita ${storeId}`,
    exchanges: [
      { name: target.exchange, type: "topic" as const },
      { name: target.visionExchange, type: "direct" as const },
      { name: target.cameraExchange, type: "topic" as const },
    ],
  };
  const link = createBrokerLink((signal) => dialAmqp(address, signal));
  return {
    send: (events, signal) =>
      link.exchange(signal, (line) => events.map((event) => deliver(line, event, target))),
    sendCameraChange: (change, signal) => link.ask(signal, (line) => tellChange(line, change, target)),
    close: link.close,
  };
};

type Target = SinkDeps<"amqp">["target"];

async function deliver(line: AmqpLine, event: EventRecord, target: Target): Promise<Delivered> {
  const { event_name: name, receipt_id: messageId, ts } = event;
  const exchanges = FROM_VISION.has(name) ? [target.exchange, target.visionExchange] : [target.exchange];
  const message = {
    routingKey: name,
    type: name,
    messageId,
    atMs: Date.parse(ts),
    body: JSON.stringify(event),
    isMandatory: true,
  };
  const answers = await Promise.all(exchanges.map((exchange) => line.publish({ ...message, exchange })));
  return inSum(answers, `${name}: ${exchanges.join(", ")}`);
}

/** `where` none of them had a queue. */
function inSum(answers: AmqpAnswer[], where: string): Delivered {
  const failed = answers.find((answer) => answer.outcome === "retry" || answer.outcome === "refused");
  if (failed) return failed;
  if (answers.every(({ outcome }) => outcome === "unroutable"))
    return { outcome: "retry", trouble: { code: "no_queue", detail: where } };
  return { outcome: "acknowledged" };
}

/** Not mandatory: most shops bind nothing here, and an old change of the list is no news to who comes later. */
async function tellChange(line: AmqpLine, change: CameraChange, target: Target): Promise<Delivered> {
  const { changeId, kind, ts } = change;
  const answer = await line.publish({
    exchange: target.cameraExchange,
    routingKey: kind,
    type: kind,
    messageId: changeId,
    atMs: Date.parse(ts),
    body: JSON.stringify(change),
    isMandatory: false,
  });
  return answer.outcome === "unroutable" ? { outcome: "acknowledged" } : answer;
}
