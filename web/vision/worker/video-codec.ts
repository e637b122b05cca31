/** Software first: hardware decoders are few, and hold pictures back. H.265 has none in software. */
export async function supportedConfig(codec: string): Promise<VideoDecoderConfig> {
  const preferences: HardwareAcceleration[] = ["prefer-software", "no-preference"];
  for (const hardwareAcceleration of preferences) {
    const config: VideoDecoderConfig = { codec, optimizeForLatency: true, hardwareAcceleration };
    if ((await VideoDecoder.isConfigSupported(config)).supported) return config;
  }
  throw new Error(`this browser cannot decode ${codec}`);
}

const SEQUENCE_PARAMETER_SET = 7;

/** The codec string of an Annex B picture by its sequence parameter set; null when it holds none. */
export function codecOf(data: Uint8Array): string | null {
  for (let at = 0; at + 6 < data.length; at += 1) {
    if (data[at] !== 0 || data[at + 1] !== 0 || data[at + 2] !== 1) continue;
    if (((data[at + 3] ?? 0) & 31) !== SEQUENCE_PARAMETER_SET) continue;
    const hex = Array.from(data.subarray(at + 4, at + 7), (byte) => byte.toString(16).padStart(2, "0"));
    return `avc1.${hex.join("").toUpperCase()}`;
  }
  return null;
}
