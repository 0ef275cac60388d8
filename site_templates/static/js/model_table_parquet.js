// Columns into a Parquet file: one row group, one plain page a column, not compressed, so that a page writes it itself.
// The format: https://parquet.apache.org/docs/file-format/.

import { BINARY, I32, I64, LIST, STRUCT, thrift, varint } from "./model_table_thrift.js";

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {"text" | "integer" | "number"} kind
 * @property {(string | number | null)[]} values
 */

const MAGIC = [0x50, 0x41, 0x52, 0x31];
/** As parquet.thrift numbers them. */
const [OPTIONAL, PLAIN, RLE, UTF8, DATA_PAGE, UNCOMPRESSED] = [1, 0, 3, 0, 0, 0];
const TYPES = { integer: 1, number: 5, text: 6 };
const utf8 = new TextEncoder();

/**
 * @param {Column[]} columns Of equal length.
 * @param {Record<string, string>} notes Kept in the file's metadata.
 * @returns {Uint8Array}
 */
export function parquet(columns, notes) {
  const rows = columns[0].values.length;
  const parts = [Uint8Array.from(MAGIC)];
  let offset = MAGIC.length;
  const chunks = columns.map((column) => {
    const page = [levels(column.values), plain(column)];
    const size = page[0].length + page[1].length;
    const header = thrift(pageHeader(rows, size));
    const chunk = columnChunk(column, rows, offset, header.length + size);
    parts.push(header, ...page);
    offset += header.length + size;
    return chunk;
  });
  const size = offset - MAGIC.length;
  const group = [[1, LIST, [STRUCT, chunks]], [2, I64, size], [3, I64, rows]];
  const pairs = Object.entries(notes).map(([key, value]) => [[1, BINARY, key], [2, BINARY, value]]);
  const footer = thrift([
    [1, I32, 1],
    [2, LIST, [STRUCT, schema(columns)]],
    [3, I64, rows],
    [4, LIST, [STRUCT, [group]]],
    [5, LIST, [STRUCT, pairs]],
    [6, BINARY, "Joule Atlas"],
  ]);
  parts.push(footer, new Uint8Array(Uint32Array.of(footer.length).buffer), Uint8Array.from(MAGIC));
  return joined(parts);
}

function schema(columns) {
  const leaves = columns.map(({ name, kind }) => {
    const element = [[1, I32, TYPES[kind]], [3, I32, OPTIONAL], [4, BINARY, name]];
    return kind === "text" ? [...element, [6, I32, UTF8], [10, STRUCT, [[1, STRUCT, []]]]] : element;
  });
  return [[[4, BINARY, "schema"], [5, I32, columns.length]], ...leaves];
}

const pageHeader = (rows, size) => [
  [1, I32, DATA_PAGE],
  [2, I32, size],
  [3, I32, size],
  [5, STRUCT, [[1, I32, rows], [2, I32, PLAIN], [3, I32, RLE], [4, I32, RLE]]],
];

const columnChunk = ({ name, kind }, rows, offset, size) => [
  [2, I64, offset],
  [
    3,
    STRUCT,
    [
      [1, I32, TYPES[kind]],
      [2, LIST, [I32, [PLAIN, RLE]]],
      [3, LIST, [BINARY, [name]]],
      [4, I32, UNCOMPRESSED],
      [5, I64, rows],
      [6, I64, size],
      [7, I64, size],
      [9, I64, offset],
    ],
  ],
];

/** A bit for each row that has a value, in one bit-packed run with its length before it. */
function levels(values) {
  const groups = Math.ceil(values.length / 8);
  const run = [];
  varint(run, groups * 2 + 1);
  const bytes = new Uint8Array(4 + run.length + groups);
  new DataView(bytes.buffer).setUint32(0, bytes.length - 4, true);
  bytes.set(run, 4);
  values.forEach((value, row) => {
    if (value !== null) bytes[4 + run.length + (row >> 3)] |= 1 << (row & 7);
  });
  return bytes;
}

/** The values that are there. */
function plain({ kind, values }) {
  const there = values.filter((value) => value !== null);
  // Every browser's typed arrays are little-endian, as Parquet is: the web platform's specifications rely on it.
  if (kind === "integer") return new Uint8Array(Int32Array.from(there).buffer);
  if (kind === "number") return new Uint8Array(Float64Array.from(there).buffer);
  return joined(
    there.flatMap((text) => {
      const bytes = utf8.encode(text);
      return [new Uint8Array(Uint32Array.of(bytes.length).buffer), bytes];
    }),
  );
}

function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    all.set(part, place);
    place += part.length;
  }
  return all;
}
