import type { SinkKinds } from "../run-sinks.ts";
import { openAmqpSink } from "./amqp.ts";
import { openFrigateSink } from "./frigate.ts";
import { openHttpSink } from "./http.ts";
import { openMqttSink } from "./mqtt.ts";
import { openSupabaseSink } from "./supabase.ts";

export const SINK_KINDS: SinkKinds = {
  http: openHttpSink,
  supabase: openSupabaseSink,
  mqtt: openMqttSink,
  amqp: openAmqpSink,
  frigate: openFrigateSink,
};
