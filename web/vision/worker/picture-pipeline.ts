import type { Detected } from "../detector.ts";

/** An encoded picture that decodes alone. */
export type KeyFrame = { data: Uint8Array; codec: string | null; ptsUs: number; receivedAtMs: number };

export type PipelineDeps<Frame> = {
  decode(cameraId: string, picture: KeyFrame): Promise<Frame>;
  /** Takes ownership of the frame. Resolves when a detector was free and has looked at it. */
  detect(frame: Frame): Promise<Detected & { widthPx: number; heightPx: number }>;
  /** How many detectors there are now; 0 while none is ready. */
  detectorCount(): number;
  onLookedAt(cameraId: string, picture: KeyFrame, detected: LookedAtPicture): void;
  /** A newer picture took its place before anybody looked at it. */
  onSkipped(cameraId: string): void;
  onFailed(cameraId: string, cause: unknown): void;
};
type LookedAtPicture = Detected & { widthPx: number; heightPx: number };

type Slot = { waiting: KeyFrame | null; inWork: boolean; lastTurn: number };

/**
 * From encoded pictures to detections. Per camera at most one picture is in work and one waits: the newest. Cameras
 * take turns, the one that waited longest first. One picture more than there are detectors is in work, so that the
 * next one is decoded when a detector comes free.
 */
export function createPicturePipeline<Frame>(deps: PipelineDeps<Frame>) {
  const slots = new Map<string, Slot>();
  let inWork = 0;
  let turns = 0;

  function offer(cameraId: string, picture: KeyFrame): void {
    const slot = slots.get(cameraId) ?? { waiting: null, inWork: false, lastTurn: 0 };
    slots.set(cameraId, slot);
    if (slot.waiting) deps.onSkipped(cameraId);
    slot.waiting = picture;
    pump();
  }

  function pump(): void {
    const detectors = deps.detectorCount();
    while (detectors > 0 && inWork <= detectors) {
      const next = nextTurn();
      if (!next) return;
      void work(next.cameraId, next.slot, next.picture);
    }
  }

  function nextTurn() {
    let next: { cameraId: string; slot: Slot; picture: KeyFrame } | null = null;
    for (const [cameraId, slot] of slots) {
      if (!slot.waiting || slot.inWork) continue;
      if (!next || slot.lastTurn < next.slot.lastTurn) next = { cameraId, slot, picture: slot.waiting };
    }
    return next;
  }

  async function work(cameraId: string, slot: Slot, picture: KeyFrame): Promise<void> {
    turns += 1;
    slot.lastTurn = turns;
    slot.waiting = null;
    slot.inWork = true;
    inWork += 1;
    try {
      const frame = await deps.decode(cameraId, picture);
      const detected = await deps.detect(frame);
      if (slots.get(cameraId) === slot) deps.onLookedAt(cameraId, picture, detected);
    } catch (cause) {
      deps.onFailed(cameraId, cause);
    } finally {
      slot.inWork = false;
      inWork -= 1;
      pump();
    }
  }

  return {
    offer,
    /** To be called when a detector came or went. */
    pump,
    /** A result still on its way for this camera is not told any more. */
    drop: (cameraId: string) => void slots.delete(cameraId),
  };
}
export type PicturePipeline = ReturnType<typeof createPicturePipeline>;
