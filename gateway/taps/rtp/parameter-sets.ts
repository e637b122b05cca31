import type { SetKind, VideoCodec } from "./video-codec.ts";

/** Real ones are below 200 bytes; H.264 allows 32 SPS and 256 PPS, cameras send one of each. */
const MAX_SET_BYTES = 4_096;
const MAX_SETS = 64;
const ORDER: Record<SetKind, number> = { vps: 0, sps: 1, pps: 2 };

/**
 * The newest parameter sets of a stream, by kind and id, so that they can be put before every key frame: cameras send
 * them once, in the SDP only, or with each key frame.
 */
export function createParameterSets(codec: VideoCodec, onSps: (nal: Buffer) => void) {
  const sets = new Map<string, { kind: SetKind; nal: Buffer }>();
  let changed: Buffer[] = [];

  /** Keeps `nal`, which must be a copy. False where it is broken, too large or one too many. */
  function put(kind: SetKind, nal: Buffer): boolean {
    if (nal.length <= codec.headerBytes || nal.length > MAX_SET_BYTES) return false;
    const key = `${kind}${codec.setId(kind, nal)}`;
    const known = sets.get(key);
    if (known?.nal.equals(nal)) return true;
    if (!known && sets.size >= MAX_SETS) return false;
    if (kind === "sps" && !codec.readSps(nal)) return false;
    sets.set(key, { kind, nal });
    if (changed.length < MAX_SETS) changed.push(nal);
    if (kind === "sps") onSps(nal);
    return true;
  }

  return {
    put,
    /** True once pictures can be decoded. */
    complete: () => {
      const kinds = new Set([...sets.values()].map(({ kind }) => kind));
      return kinds.has("sps") && kinds.has("pps");
    },
    /** For a key frame: all, VPS before SPS before PPS. */
    takeAll(): Buffer[] {
      changed = [];
      return [...sets.values()].sort((a, b) => ORDER[a.kind] - ORDER[b.kind]).map(({ nal }) => nal);
    },
    /** For any other picture: those that changed since the last unit. */
    takeChanged(): Buffer[] {
      const taken = changed;
      changed = [];
      return taken;
    },
  };
}
