// What the page shows now, and who else shows it: the sections of swaps and of all models.

import { ModelTable } from "./model_table.js";
import { Swap } from "./swap.js";

/**
 * @typedef {object} View
 * @property {any} models data/explorer/models.json
 * @property {any} setup data/explorer/<setup>.json
 * @property {import("./data.js").Rows} rows The setup's rows.
 * @property {Int32Array} kept Rows within filters that have an accuracy, in no order.
 * @property {Int32Array} eligible Of these the ones within the limits.
 * @property {import("./scores.js").Score} score
 * @property {import("./scores.js").Context} context
 * @property {import("./state.js").State} state What the controls are set to.
 * @property {(row: number) => number} scoreOf
 */

/** @typedef {(place: number | null) => void} Choose Makes the model at a place of models.json the chosen one; null none. */

/** How long a slider must rest before the sections follow it: they are long. */
const REST_MS = 120;

/**
 * @param {Choose} choose
 * @returns {(view: View, place: number | null, live: boolean) => void} Shows a view, and the chosen model's place in
 *   models.json; `live` while a slider moves.
 */
export function sections(choose) {
  const swap = new Swap(document.querySelector("[data-swap]"), { choose });
  const table = new ModelTable(document.querySelector("[data-model-table]"));
  let timer = 0;
  return (view, place, live) => {
    clearTimeout(timer);
    const show = () => {
      swap.show(view, place);
      table.show(view);
    };
    if (live) timer = setTimeout(show, REST_MS);
    else show();
  };
}
