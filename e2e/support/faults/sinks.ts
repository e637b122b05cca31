import { fillPath, paths } from "#contract/paths.ts";
import { Sink, SinkList } from "#contract/sinks.ts";
import type { Gateway } from "../gateway.ts";
import type { Receiver } from "../receiver.ts";

const json = { "content-type": "application/json" };

/** Makes the receiver a sink of the gateway; null where the gateway has no sinks. */
export async function addSink(gateway: Gateway, { sink }: Pick<Receiver, "sink">): Promise<Sink | null> {
  const response = await fetch(gateway.url + paths.sinks, {
    method: "POST",
    headers: json,
    body: JSON.stringify(sink),
  });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`sink refused: ${response.status} ${await response.text()}`);
  return Sink.parse(await response.json());
}

/** It is queued for, and sent nothing. */
export async function pauseSink(gateway: Gateway, { id }: Sink): Promise<void> {
  const response = await fetch(gateway.url + fillPath(paths.sinkPause, { id }), {
    method: "POST",
    headers: json,
    body: JSON.stringify({ isPaused: true }),
  });
  if (!response.ok) throw new Error(`pause refused: ${response.status} ${await response.text()}`);
}

export async function readSinks(gateway: Gateway): Promise<Sink[]> {
  const response = await fetch(gateway.url + paths.sinks);
  if (response.status === 404) return [];
  return SinkList.parse(await response.json()).sinks;
}

/** What a receiver refused for good is sent again, as a person would do. */
export async function retryParked(gateway: Gateway, { id }: Sink): Promise<void> {
  const response = await fetch(gateway.url + fillPath(paths.sinkParkedRetry, { id }), {
    method: "POST",
    headers: json,
    body: JSON.stringify({ seqs: "all" }),
  });
  if (!response.ok) throw new Error(`retry refused: ${response.status} ${await response.text()}`);
}

export const isBalanced = ({ ledger }: Sink): boolean =>
  ledger.isBalanced &&
  ledger.created === ledger.acknowledged + ledger.waiting + ledger.parked + ledger.discarded + ledger.expired;
