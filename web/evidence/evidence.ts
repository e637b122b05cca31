import type { EvidenceFacts } from "#contract/evidence.ts";

/** A picture to be kept until the gateway has it. */
export type EvidencePicture = { mediaId: string; sha256: string; bytes: ArrayBuffer; facts: EvidenceFacts };

/** Of this browser, over all its tabs: kept = sent + waiting + shed + refused. */
export type EvidenceStatus = {
  waiting: number;
  waitingBytes: number;
  /** The gateway has them. */
  sent: number;
  /** Given up, oldest first, because there was no room. */
  shed: number;
  /** The gateway will never take them. */
  refused: number;
  /** Why the last try failed; null when none did since the last success. */
  lastError: string | null;
};

export type Evidence = {
  start(): void;
  stop(): void;
  /** Resolves once the picture is on disk here. A picture that is here already changes nothing. */
  keep(picture: EvidencePicture): Promise<void>;
  /** Gives the older half of the waiting pictures up, for events that find no room. False when none waits. */
  makeRoom(): Promise<boolean>;
  /** Tries now, whatever the backoff says. Resolves when nothing is left to try or a try failed. */
  flush(): Promise<void>;
  status(): EvidenceStatus;
  subscribe(listener: () => void): () => void;
};

export const NO_EVIDENCE: EvidenceStatus = {
  waiting: 0,
  waitingBytes: 0,
  sent: 0,
  shed: 0,
  refused: 0,
  lastError: null,
};
