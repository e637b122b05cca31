/** One look at a session's picture. Counters are those of the same moment or a little earlier. */
export type Look = {
  /** Of native pixels. */
  hash: number;
  /** Decoded pictures so far. */
  frames: number;
  /** Decoded key frames so far; null where the browser does not tell. */
  keyFrames: number | null;
};

/**
 * Between two key frames an encoder repeats what did not change, so an empty shop may look all the same for a while; a
 * key frame encodes the camera's noise anew. One more than the two that are wanted: the first look's counter may be from
 * just before a key frame.
 */
const KEY_FRAMES = 3;
/** Where key frames are not told: longer than two groups of pictures of nearly every camera. */
const WITHOUT_KEY_FRAMES_MS = 20_000;

/**
 * Tells since when every decoded picture is the same one; never of a still but living scene, rather late than wrongly:
 * only after `keyFrames` more.
 */
export function createAlikeWatch(nowMs: () => number, keyFrames = KEY_FRAMES) {
  let first: (Look & { atMs: number }) | null = null;
  let framesBefore = -1;
  let sinceMs: number | null = null;

  function isProven(since: Look & { atMs: number }, look: Look): boolean {
    if (since.keyFrames === null || look.keyFrames === null)
      return nowMs() - since.atMs >= WITHOUT_KEY_FRAMES_MS;
    return look.keyFrames - since.keyFrames >= keyFrames;
  }

  return {
    look(look: Look): void {
      if (look.frames === framesBefore) return; // nothing new was decoded: that says nothing
      framesBefore = look.frames;
      if (first?.hash !== look.hash) first = { ...look, atMs: nowMs() };
      sinceMs = isProven(first, look) ? first.atMs : null;
    },
    sinceMs: () => sinceMs,
  };
}
export type AlikeWatch = ReturnType<typeof createAlikeWatch>;
