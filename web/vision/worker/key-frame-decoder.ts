import { codecOf, supportedConfig } from "./video-codec.ts";

/** An encoded picture that decodes alone. */
export type KeyFrame = { data: Uint8Array; codec: string | null; ptsUs: number };

/**
 * Decodes one camera's key frames with WebCodecs, one at a time. Each is flushed out at once: a stream with B-frames
 * would otherwise hold pictures back, and after a flush the next chunk must be a key frame anyway.
 */
export function createKeyFrameDecoder() {
  let decoder: VideoDecoder | null = null;
  let codec = "";
  let newest: VideoFrame | null = null;

  function take(): VideoFrame | null {
    const frame = newest;
    newest = null;
    return frame;
  }

  async function open(wanted: string): Promise<VideoDecoder> {
    close();
    codec = wanted;
    decoder = new VideoDecoder({
      output(frame) {
        // A key frame gives one picture; should it give more, the last one counts and the others must be closed.
        take()?.close();
        newest = frame;
      },
      // The rejected flush tells the caller.
      error: () => undefined,
    });
    decoder.configure(await supportedConfig(wanted));
    return decoder;
  }

  function close(): void {
    if (decoder && decoder.state !== "closed") decoder.close();
    decoder = null;
    take()?.close();
  }

  return {
    /** The caller closes the frame. Rejects on a picture that cannot be decoded; the next key frame starts afresh. */
    async decode(picture: KeyFrame): Promise<VideoFrame> {
      const wanted = picture.codec ?? codecOf(picture.data);
      if (!wanted) throw new Error("the picture does not say how it is encoded");
      const current = decoder?.state === "configured" && codec === wanted ? decoder : await open(wanted);
      try {
        const timestamp = Math.round(picture.ptsUs);
        current.decode(new EncodedVideoChunk({ type: "key", timestamp, data: picture.data }));
        await current.flush();
      } catch (cause) {
        close();
        throw new Error("a picture could not be decoded", { cause });
      }
      const frame = take();
      if (!frame) throw new Error("the decoder gave no picture");
      return frame;
    },
    close,
  };
}
export type KeyFrameDecoder = ReturnType<typeof createKeyFrameDecoder>;
