import type { StreamFormat } from "#contract/cameras.ts";
import type { Decoder, DecoderEvents } from "./picture-feed.ts";

/** Up to this width software decodes fast enough, and hardware decoders (some eight in a machine) are left to others. */
const SOFTWARE_MAX_WIDTH_PX = 1280;

/**
 * Without `optimizeForLatency` a decoder is one picture late. No `description`: the pictures are Annex B, with their
 * parameter sets.
 */
export async function pickConfig(format: StreamFormat): Promise<VideoDecoderConfig | null> {
  const isSmall = format.family === "h264" && (format.widthPx ?? 0) <= SOFTWARE_MAX_WIDTH_PX;
  const preferences = isSmall
    ? (["prefer-software", "no-preference"] as const)
    : (["no-preference"] as const);
  for (const hardwareAcceleration of preferences) {
    const config = { codec: format.codec, optimizeForLatency: true, hardwareAcceleration };
    if (await isSupported(config)) return config;
  }
  return null;
}

async function isSupported(config: VideoDecoderConfig): Promise<boolean> {
  try {
    return (await VideoDecoder.isConfigSupported(config)).supported === true;
  } catch {
    return false; // a codec string that is none
  }
}

export function createWebDecoder(config: VideoDecoderConfig, events: DecoderEvents<VideoFrame>): Decoder {
  const decoder = new VideoDecoder({ output: events.onFrame, error: events.onError });
  decoder.configure(config);
  return {
    queueSize: () => decoder.decodeQueueSize,
    decode({ keyFrame, ptsUs, data }) {
      if (decoder.state !== "configured") return; // broke a moment ago; `onError` is on its way
      decoder.decode(new EncodedVideoChunk({ type: keyFrame ? "key" : "delta", timestamp: ptsUs, data }));
    },
    close() {
      if (decoder.state !== "closed") decoder.close();
    },
  };
}
