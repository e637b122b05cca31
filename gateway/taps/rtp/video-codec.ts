import type { SpsFacts } from "./h264-sps.ts";

/**
 * What a NAL unit is to an access unit. `key` and `picture` are slices; `left_out` is what a decoder does not need
 * (delimiters, filler, end marks).
 */
export type NalKind = "key" | "picture" | "vps" | "sps" | "pps" | "left_out" | "other";
export type SetKind = "vps" | "sps" | "pps";

export const isSetKind = (kind: NalKind): kind is SetKind =>
  kind === "vps" || kind === "sps" || kind === "pps";

/** Takes what a payload holds, in order. Byte ranges are views into the received chunk. */
export type NalSink = {
  nal(bytes: Buffer, start: number, end: number): void;
  /** `header0` and `header1` are the NAL header of the whole unit (H.264 has one byte only). */
  fragment(part: FragmentPart, header: FragmentHeader, bytes: Buffer, start: number, end: number): void;
};
export type FragmentPart = "first" | "middle" | "last" | "whole";
export type FragmentHeader = { byte0: number; byte1: number };

/** What differs between H.264 and H.265. */
export type VideoCodec = {
  family: "h264" | "h265";
  headerBytes: 1 | 2;
  /** By the first byte of the NAL header. */
  nalKind(byte0: number): NalKind;
  /** Takes an RTP payload apart; false where it breaks the format. */
  unpack(bytes: Buffer, start: number, end: number, sink: NalSink): boolean;
  readSps(nal: Buffer): SpsFacts | undefined;
  setId(kind: SetKind, nal: Buffer): number;
};
