// A row of the setup into what is known of it, in words and units.

import { NOTHING, count, energy, number, percent, scoreNumber, withUnit } from "./format.js";

/**
 * @param {import("./figures.js").Figures} figures
 * @param {number} row
 * @param {import("./scores.js").Score} score
 * @param {number} value The row's score.
 * @returns {[string, string][]}
 */
export function factsOf({ models, setup, rows }, row, score, value) {
  const energyMj = setup.energy_mj[row];
  const throughput = setup.throughput_items_per_s[row];
  const known = (figure, text) => (figure === null ? NOTHING : text(figure));
  return [
    ["Accuracy", percent(rows.accuracy[row], 2)],
    ["Energy", `${energy(energyMj, 4)}${interval(setup, row)}`],
    ["Throughput", known(throughput, (figure) => withUnit(figure, "images/s"))],
    ["Latency of a batch", known(setup.latency_ms[row], (figure) => withUnit(figure, "ms"))],
    ["Batch size", known(setup.batch_size[row], (figure) => `${count(figure)} images`)],
    ["Power", known(throughput, (figure) => withUnit((energyMj * figure) / 1000, "W"))],
    ["Score", `${scoreNumber(score, value)} ${score.unit}`],
    ...doubtsOf(models, setup, rows.model[row]).map((doubt) => /** @type {[string, string]} */ (["In doubt", doubt])),
  ];
}

function interval(setup, row) {
  const share = setup.noise_floor;
  const low = setup.energy_low_mj[row];
  if (low !== null) return ` (${energy(low, 4)} to ${energy(setup.energy_high_mj[row], 4)})`;
  return share === null ? "" : ` ± ${number(100 * share, 2)} %`;
}

/**
 * @param {any} models data/explorer/models.json
 * @param {any} setup data/explorer/<setup>.json
 * @param {number} place Of a model, in models.json.
 * @returns {string[]} Why its figure on the setup is in doubt.
 */
export function doubtsOf(models, setup, place) {
  const rules = setup.flagged.find(({ index }) => index === place)?.rules ?? [];
  return rules.map((rule) => models.rules[rule]);
}
