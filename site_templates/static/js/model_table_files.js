// Columns of rows into what a reader takes along: CSV, JSON, Markdown. All of a table, not the page that is in view.

/** @typedef {import("./model_table_columns.js").Column} Column */

// A spreadsheet takes a cell that begins with one of these for a formula, the full-width signs included:
// https://owasp.org/www-community/attacks/CSV_Injection
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** @param {Column[]} columns @param {ArrayLike<number>} rows @returns {string} RFC 4180, with a header. */
export function csv(columns, rows) {
  const lines = [columns.map(({ key }) => key), ...Array.from(rows, (row) => columns.map((column) => csvCell(column, row)))];
  return lines.map((cells) => `${cells.join(",")}\r\n`).join("");
}

function csvCell({ kind, value }, row) {
  const one = value(row);
  if (one === null) return "";
  if (kind !== "text") return String(one);
  const text = FORMULA.test(one) ? `'${one}` : one;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * @param {Column[]} columns
 * @param {ArrayLike<number>} rows
 * @param {Record<string, any>} about What the rows are of.
 * @returns {string}
 */
export function json(columns, rows, about) {
  const records = Array.from(rows, (row) => Object.fromEntries(columns.map(({ key, value }) => [key, value(row)])));
  return `${JSON.stringify({ ...about, rows: records }, null, 1)}\n`;
}

/**
 * @param {string[]} titles
 * @param {boolean[]} numbers Whether a column's cells stand at its right end.
 * @param {string[][]} cells
 * @returns {string} A table of GitHub's Markdown.
 */
export function markdown(titles, numbers, cells) {
  const line = (texts) => `| ${texts.join(" | ")} |\n`;
  const ends = numbers.map((is) => (is ? "---:" : ":---"));
  return [titles.map(plain), ends, ...cells.map((row) => row.map(plain))].map(line).join("");
}

/** Text that stays text: every sign that Markdown or HTML gives a meaning is escaped. */
const plain = (text) => text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>()#+!|~&]/g, "\\$&");
