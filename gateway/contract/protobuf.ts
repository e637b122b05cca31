/**
 * Reads the wire format of protocol buffers, of which ONNX files consist: the gateway looks into a file that is given to
 * it, a station changes a model's input size.
 */
export type Field = {
  number: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  wire: number;
  /** Only of a varint that fits a double; negative int64 values come out wrong. */
  value: number;
  /** Only of a length-delimited field: a view, not a copy. */
  bytes: Uint8Array;
  /** The whole field, tag included: a view, not a copy. */
  whole: Uint8Array;
};

const NO_BYTES = new Uint8Array();

/** Throws on bytes that are not a message. */
export function readFields(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  function varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined || factor > 2 ** 63) throw new Error("not a protobuf message");
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }
  while (at < message.length) {
    const start = at;
    const tag = varint();
    const field: Field = {
      number: Math.floor(tag / 8),
      wire: tag % 8,
      value: 0,
      bytes: NO_BYTES,
      whole: NO_BYTES,
    };
    if (field.wire === 0) field.value = varint();
    else if (field.wire === 1) at += 8;
    else if (field.wire === 5) at += 4;
    else if (field.wire === 2) {
      const length = varint();
      field.bytes = message.subarray(at, at + length);
      at += length;
    } else throw new Error("not a protobuf message");
    if (at > message.length) throw new Error("not a protobuf message");
    field.whole = message.subarray(start, at);
    fields.push(field);
  }
  return fields;
}
