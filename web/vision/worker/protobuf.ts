import type { Field } from "#contract/protobuf.ts";

/** Just enough writing of protocol buffers to change a few fields of a message and keep the rest byte for byte. */

export const textOf = (field: Field | undefined): string => new TextDecoder().decode(field?.bytes);

function varintBytes(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

export const varintField = (number: number, value: number): Uint8Array =>
  Uint8Array.from([...varintBytes(number * 8), ...varintBytes(value)]);

export const bytesField = (number: number, bytes: Uint8Array): Uint8Array =>
  joinBytes([Uint8Array.from([...varintBytes(number * 8 + 2), ...varintBytes(bytes.length)]), bytes]);

export function joinBytes(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
