import type { PlaylistLoaderConstructor } from "hls.js/light";

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

/** `Loader`, giving every playlist so. */
export function plainPlaylistLoader(Loader: PlaylistLoaderConstructor): PlaylistLoaderConstructor {
  return class extends Loader {
    override load(...[context, config, callbacks]: LoadArguments): void {
      super.load(context, config, {
        ...callbacks,
        onSuccess(response, ...rest) {
          const { data } = response;
          const plain = typeof data === "string" ? { ...response, data: withoutLowLatency(data) } : response;
          callbacks.onSuccess(plain, ...rest);
        },
      });
    }
  };
}
