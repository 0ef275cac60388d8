// A view into the sentence over its table: which models are in sight, of how many, and how many the limits shut out.

/**
 * @param {import("./view.js").View} view
 * @param {boolean} outside Whether the table has those outside the limits too.
 * @param {number} from Of the models in sight the first, counted from 1.
 * @param {number} to The last.
 * @returns {string}
 */
export function countText({ kept, eligible }, outside, from, to) {
  const text = (value) => value.toLocaleString("en");
  const [all, others] = [outside ? kept.length : eligible.length, kept.length - eligible.length];
  const within = outside ? "the filters" : "filters and limits";
  const rest = !others ? "" : outside ? `, ${text(others)} of them outside the limits` : `; ${text(others)} more outside the limits`;
  return all ? `Models ${text(from)} to ${text(to)} of ${text(all)} within ${within}${rest}.` : `No model is within ${within}${rest}.`;
}
