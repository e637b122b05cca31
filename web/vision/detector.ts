import type { FractionBox } from "#contract/payloads.ts";

/** Where one plane lies in a picture's bytes. `stepBytes` is 1 for a plane of its own, 2 for interleaved chroma. */
export type Plane = { offset: number; strideBytes: number; stepBytes: number };

/** Pixels as a decoder gives them. The bytes belong to the caller again once the detector has answered. */
export type Picture = {
  widthPx: number;
  heightPx: number;
  bytes: Uint8Array;
  pixels:
    | {
        /** Chroma at half width and half height, rounded up. */
        kind: "yuv420";
        y: Plane;
        u: Plane;
        v: Plane;
        matrix: "bt601" | "bt709";
        fullRange: boolean;
      }
    /** Four bytes a pixel: red, green, blue and one not used. */
    | { kind: "rgbx"; offset: number; strideBytes: number };
};

/** Something found in one picture. */
export type Detection = { label: string; score: number; box: FractionBox };

export type Detected = {
  found: Detection[];
  /** The network alone. */
  inferenceMs: number;
  /** Resize alone; what is left of `detectMs` is the reading of the answer. Missing where nobody measured it. */
  letterboxMs?: number;
  /** Resize, network and reading of its answer. */
  detectMs: number;
};

/** The narrow port every detector fits behind: a picture's planes in, detections out. One call at a time. */
export type Detector = {
  executionProvider: string;
  detect(picture: Picture): Promise<Detected>;
};
