// The table of models into a file that the reader saves, or into the clipboard.

import { textOf } from "./model_table_columns.js";
import { csv, json, markdown } from "./model_table_files.js";
import { parquet } from "./model_table_parquet.js";

/** How long a browser may take to read a file that it was handed. */
const READ_MS = 60_000;
const NAMES = { csv: "CSV", json: "JSON", parquet: "Parquet" };

/**
 * @param {"csv" | "json" | "parquet" | "markdown"} what
 * @param {import("./model_table.js").ModelTable} table Its rows go into files, those of them in view into the clipboard.
 * @param {HTMLTextAreaElement} area Holds the text where the clipboard is closed.
 * @returns {Promise<string>} What was done, in words.
 */
export async function take(what, table, area) {
  if (what === "markdown") return copy(table, area);
  const { columns, rows, view } = table;
  const { setup, state, score } = view;
  const about = { source: location.href, setup: setup.setup, test_sets: state.testSets, score: score.key };
  if (score.weighted) about.score_w = state.w;
  const files = {
    csv: () => [csv(columns, rows), "text/csv"],
    json: () => [json(columns, rows, about), "application/json"],
    parquet: () => {
      const values = columns.map(({ key, kind, value }) => ({ name: key, kind, values: Array.from(rows, value) }));
      const notes = Object.fromEntries(Object.entries(about).map(([key, one]) => [key, String(one)]));
      return [parquet(values, notes), "application/vnd.apache.parquet"];
    },
  };
  save(...files[what](), `joule-atlas_${setup.setup}.${what}`);
  return `${rows.length.toLocaleString("en")} models written as ${NAMES[what]}.`;
}

async function copy({ columns, headers, shown }, area) {
  const titles = headers.map((header) => Array.from(header.children, (part) => part.textContent).join(", "));
  const cells = Array.from(shown, (row) => columns.map((column) => textOf(column, row)));
  const text = markdown(titles, columns.map(({ kind }) => kind !== "text"), cells);
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // The browser keeps the clipboard to itself: the reader copies by hand.
    area.hidden = false;
    area.value = text;
    area.select();
    return "The clipboard is closed to this page. Here is the text to copy.";
  }
  area.hidden = true;
  return `The ${cells.length} models in view are in the clipboard.`;
}

function save(content, type, name) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), READ_MS);
}
