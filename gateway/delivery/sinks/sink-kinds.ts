import type { SinkKind } from "#contract/sinks.ts";
import type { SinkKinds } from "../run-sinks.ts";
import type { OpenSink } from "../sink.ts";
import { openFrigateSink } from "./frigate.ts";
import { openHttpSink } from "./http.ts";
import { openSupabaseSink } from "./supabase.ts";

export const SINK_KINDS: SinkKinds = {
  http: openHttpSink,
  supabase: openSupabaseSink,
  mqtt: opensLater(async () => (await import("./mqtt.ts")).openMqttSink),
  amqp: opensLater(async () => (await import("./amqp.ts")).openAmqpSink),
  frigate: openFrigateSink,
};

/** A broker's client is loaded for the first sink that needs it: they take megabytes, and most shops have none. */
function opensLater<Kind extends SinkKind>(load: () => Promise<OpenSink<Kind>>): OpenSink<Kind> {
  return (deps) => {
    const opening = load().then((open) => open(deps));
    return {
      send: async (events, signal) => (await opening).send(events, signal),
      async sendCameraChange(change, signal) {
        const sink = await opening;
        return sink.sendCameraChange?.(change, signal) ?? { outcome: "acknowledged" };
      },
      close: async () => (await opening).close(),
    };
  };
}
