// Structs into Thrift's compact protocol, as far as Parquet's metadata need it.
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md

/** The protocol's types. */
export const [I32, I64, BINARY, LIST, STRUCT] = [5, 6, 8, 9, 12];
const utf8 = new TextEncoder();

/**
 * @typedef {[number, number, any][]} Struct Id, type and value of each field, in rising order of the ids. A value is a
 *   number that is not below 0, a text, a struct, or a list as its items' type and the items.
 * @param {Struct} fields
 * @returns {Uint8Array}
 */
export function thrift(fields) {
  const out = [];
  write(out, STRUCT, fields);
  return Uint8Array.from(out);
}

function write(out, type, value) {
  // In zigzag notation what is not below 0 is doubled.
  if (type === I32 || type === I64) varint(out, value * 2);
  else if (type === BINARY) {
    const bytes = utf8.encode(value);
    varint(out, bytes.length);
    for (const byte of bytes) out.push(byte);
  } else if (type === LIST) {
    const [inner, items] = value;
    if (items.length < 15) out.push((items.length << 4) | inner);
    else {
      out.push(0xf0 | inner);
      varint(out, items.length);
    }
    for (const item of items) write(out, inner, item);
  } else {
    let last = 0;
    for (const [id, inner, one] of value) {
      out.push(((id - last) << 4) | inner);
      write(out, inner, one);
      last = id;
    }
    out.push(0);
  }
}

/** @param {number[]} out @param {number} value Below 2^53. */
export function varint(out, value) {
  for (; value >= 128; value = Math.floor(value / 128)) out.push((value % 128) | 128);
  out.push(value);
}
