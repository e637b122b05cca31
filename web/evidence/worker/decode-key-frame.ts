import type { KeyFrame } from "./key-frame-wait.ts";

/** The caller closes the frame. Null where this browser cannot decode it. */
export async function decodeKeyFrame({ codec, unit }: KeyFrame): Promise<VideoFrame | null> {
  const config = await supportedConfig(codec);
  if (!config) return null;
  let newest: VideoFrame | null = null;
  const decoder = new VideoDecoder({
    output(frame) {
      newest?.close();
      newest = frame;
    },
    error: () => undefined, // the rejected flush tells
  });
  try {
    decoder.configure(config);
    const timestamp = Math.round(unit.ptsUs);
    decoder.decode(new EncodedVideoChunk({ type: "key", timestamp, data: unit.data }));
    await decoder.flush();
  } catch {
    return newest;
  } finally {
    if (decoder.state !== "closed") decoder.close();
  }
  return newest;
}

/** Software first: hardware decoders are few, and a single picture wins nothing by them. */
async function supportedConfig(codec: string): Promise<VideoDecoderConfig | null> {
  for (const hardwareAcceleration of ["prefer-software", "no-preference"] as const) {
    const config: VideoDecoderConfig = { codec, hardwareAcceleration };
    const support = await VideoDecoder.isConfigSupported(config).catch(() => null); // a codec string that is none
    if (support?.supported) return config;
  }
  return null;
}
