// Two models' energies into a sentence: how much less one takes, and whether that is sure.

import { number } from "./format.js";

/**
 * @param {HTMLOptionElement} one Its energy stands in data-mj, and its interval, where known, in data-low and data-high.
 * @param {HTMLOptionElement} other
 * @returns {string}
 */
export function comparisonOf(one, other) {
  if (one.value === other.value) return "Choose two models.";
  const [a, b] = [one.textContent, other.textContent];
  const [low, high] = [one, other].map((option) => Number(option.dataset.mj));
  const change = 100 * (1 - low / high);
  const said = change > 0 ? `${a} uses ${percentOf(change)} less energy than ${b}` : `${a} uses ${number(low / high, 2)} times the energy of ${b}`;
  return `${said}${doubt(one.dataset, other.dataset)}.`;
}

/** As builder/analysis/intervals.py has it: energies differ where their intervals are apart. */
function doubt(a, b) {
  if (!a.low || !b.low) return ", but a single run leaves open how sure that is";
  const apart = Number(a.high) < Number(b.low) || Number(b.high) < Number(a.low);
  return apart ? "" : " in the mean, but their intervals overlap: they are not distinguishable";
}

/** As builder/pages/rated_words.py writes it: more digits where the rest is small. */
const percentOf = (value) => `${value.toFixed(value < 99 ? 0 : value < 99.9 ? 1 : 2)}\u00a0%`;
