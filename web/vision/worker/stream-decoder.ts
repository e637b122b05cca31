import { codecOf, supportedConfig } from "./video-codec.ts";

/** One picture of a stream as it came. */
export type StreamPicture = {
  data: Uint8Array;
  keyFrame: boolean;
  codec: string | null;
  ptsUs: number;
  receivedAtMs: number;
  replayed: boolean;
};

export type DecodedFrame<Frame> = { frame: Frame; receivedAtMs: number; replayed: boolean };

/** The part of `VideoDecoder` used here. */
export type FrameDecoder = {
  readonly state: string;
  readonly decodeQueueSize: number;
  decode(chunk: { type: "key" | "delta"; timestamp: number; data: Uint8Array }): void;
  close(): void;
};

type StreamDecoderDeps<Frame> = {
  /** Opens one that is configured; may take a moment to ask the browser. */
  openDecoder(
    codec: string,
    hooks: { output(frame: Frame, timestampUs: number): void; error(cause: Error): void },
  ): Promise<FrameDecoder>;
  release(frame: Frame): void;
  /** Takes ownership of the frame. */
  onFrame(decoded: DecodedFrame<Frame>): void;
  onTrouble(cause: unknown): void;
};

/** A machine that is further behind than two seconds of pictures goes on with the next key frame. */
const BEHIND_AT_MOST = 30;
/** Frames in the decoder at once; B-frames hold back a few. Older entries belong to pictures that gave no frame. */
const PENDING_AT_MOST = 64;

/**
 * Decodes all pictures of one camera in their order and gives each frame away at once. After an error, and when the
 * machine is behind, it goes on with the next key frame.
 */
export function createStreamDecoder<Frame>(deps: StreamDecoderDeps<Frame>) {
  let decoder: FrameDecoder | null = null;
  let codec = "";
  let waitsForKey = true;
  /** While a decoder is opened, the group that begins with its key frame. */
  let opening: StreamPicture[] | null = null;
  /** Rises with each decoder; what an older one still says counts no more. */
  let life = 0;
  const pending = new Map<number, { receivedAtMs: number; replayed: boolean }>();

  function push(picture: StreamPicture): void {
    if (picture.keyFrame) begin(picture);
    else if (!waitsForKey) decode(picture);
  }

  function begin(picture: StreamPicture): void {
    const wanted = picture.codec ?? codecOf(picture.data) ?? codec;
    if (wanted === "") {
      deps.onTrouble(new Error("the picture does not say how it is encoded"));
      return;
    }
    waitsForKey = false;
    if (opening && wanted === codec) opening = [picture];
    else if (decoder?.state === "configured" && wanted === codec) decode(picture);
    else void open(wanted, picture);
  }

  function decode(picture: StreamPicture): void {
    if (opening) {
      // It is a moment; a browser that needs longer begins with the next group.
      if (opening.length < BEHIND_AT_MOST) opening.push(picture);
      else waitsForKey = true;
      return;
    }
    if (!decoder || decoder.decodeQueueSize > BEHIND_AT_MOST) {
      waitsForKey = true;
      return;
    }
    const timestamp = Math.round(picture.ptsUs);
    remember(timestamp, picture);
    try {
      decoder.decode({ type: picture.keyFrame ? "key" : "delta", timestamp, data: picture.data });
    } catch (cause) {
      fail(cause);
    }
  }

  function remember(timestamp: number, { receivedAtMs, replayed }: StreamPicture): void {
    pending.set(timestamp, { receivedAtMs, replayed });
    if (pending.size <= PENDING_AT_MOST) return;
    const [oldest] = pending.keys();
    if (oldest !== undefined) pending.delete(oldest);
  }

  async function open(wanted: string, first: StreamPicture): Promise<void> {
    end();
    codec = wanted;
    opening = [first];
    const mine = life;
    const hooks = {
      output: (frame: Frame, timestampUs: number) => take(mine, frame, timestampUs),
      error: (cause: Error) => {
        if (mine === life) fail(cause);
      },
    };
    try {
      const opened = await deps.openDecoder(wanted, hooks);
      if (mine !== life) return opened.close();
      decoder = opened;
      const waiting: StreamPicture[] = opening ?? [];
      opening = null;
      for (const picture of waiting) if (mine === life) decode(picture);
    } catch (cause) {
      if (mine === life) fail(cause);
    }
  }

  function take(mine: number, frame: Frame, timestampUs: number): void {
    const origin = mine === life ? pending.get(timestampUs) : undefined;
    if (origin) pending.delete(timestampUs);
    if (origin) deps.onFrame({ frame, ...origin });
    else deps.release(frame);
  }

  function fail(cause: unknown): void {
    end();
    waitsForKey = true;
    deps.onTrouble(cause);
  }

  function end(): void {
    life += 1;
    opening = null;
    pending.clear();
    if (decoder && decoder.state !== "closed") decoder.close();
    decoder = null;
  }

  return {
    push,
    close(): void {
      end();
      waitsForKey = true;
    },
  };
}
export type StreamDecoder = ReturnType<typeof createStreamDecoder>;

/** WebCodecs behind it. */
export async function openVideoDecoder(
  codec: string,
  hooks: { output(frame: VideoFrame, timestampUs: number): void; error(cause: Error): void },
): Promise<FrameDecoder> {
  const config = await supportedConfig(codec);
  const decoder = new VideoDecoder({
    output: (frame) => hooks.output(frame, frame.timestamp),
    error: hooks.error,
  });
  decoder.configure(config);
  return {
    get state() {
      return decoder.state;
    },
    get decodeQueueSize() {
      return decoder.decodeQueueSize;
    },
    decode: (chunk) => decoder.decode(new EncodedVideoChunk(chunk)),
    close: () => decoder.close(),
  };
}
