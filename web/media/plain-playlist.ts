import type { PlaylistLoaderConstructor } from "hls.js/light";
import type { SegmentPace } from "./segment-pace.ts";

type LoadArguments = Parameters<InstanceType<PlaylistLoaderConstructor>["load"]>;

const LOW_LATENCY_TAG = /^#EXT-X-(SERVER-CONTROL|PART-INF|PART|PRELOAD-HINT|RENDITION-REPORT):/;

/**
 * A low-latency playlist as a plain one: whole segments, and no requests that block. The gaps that MediaMTX begins a
 * young stream with are left out too: a player of segments would start in them and wait.
 */
export function withoutLowLatency(playlist: string): string {
  const lines = playlist.split("\n").filter((line) => !LOW_LATENCY_TAG.test(line));
  let gaps = 0;
  for (let at = lines.indexOf("#EXT-X-GAP"); at >= 0; at = lines.indexOf("#EXT-X-GAP")) {
    const uri = lines.findIndex((line, index) => index > at && line !== "" && !line.startsWith("#"));
    lines.splice(at, (uri < 0 ? lines.length : uri + 1) - at);
    gaps += 1;
  }
  return lines
    .map((line) =>
      line.replace(/^(#EXT-X-MEDIA-SEQUENCE:)(\d+)/, (_, tag, first) => tag + (Number(first) + gaps)),
    )
    .join("\n");
}

/** hls.js's `LoaderContextType.LEVEL`; the type knows it, the light build has no such value. */
const MEDIA_PLAYLIST = "level";
/** No answer is held longer, and with it a connection: the camera may have stopped. hls.js asks again, for nothing new. */
const MOST_HELD = { maxTimeToFirstByteMs: 1_500, maxLoadTimeMs: 1_500 };

/** `Loader`, giving every playlist so, and asking for it in step with the stream's segments. */
export function plainPlaylistLoader(
  Loader: PlaylistLoaderConstructor,
  pace: SegmentPace,
): PlaylistLoaderConstructor {
  return class extends Loader {
    override load(...[context, config, callbacks]: LoadArguments): void {
      const isMedia = context.type === MEDIA_PLAYLIST;
      const url = isMedia ? pace.ask(context.url) : context.url;
      const loadPolicy = url === context.url ? config.loadPolicy : { ...config.loadPolicy, ...MOST_HELD };
      super.load(
        { ...context, url },
        { ...config, loadPolicy },
        {
          ...callbacks,
          onSuccess(response, ...rest) {
            const { data } = response;
            if (typeof data !== "string") return callbacks.onSuccess(response, ...rest);
            if (isMedia) pace.heard(data);
            callbacks.onSuccess({ ...response, data: withoutLowLatency(data) }, ...rest);
          },
        },
      );
    }
  };
}
