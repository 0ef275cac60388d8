// The room that the chart has, and the figures chosen, into the part of the plane that it shows.

import { Plane, accuracyDomain } from "./plane.js";

/** Under this width, in pixels, the chart is a phone's. */
const NARROW = 520;
/** Height over width, and area of a mark in square pixels; the first pictures have the same. */
const SHAPES = { narrow: [400 / 360, 14], wide: [600 / 760, 26] };
/** How far beyond what is shown a fitted chart reaches, as a share of it. */
const MARGIN = 0.06;

/**
 * @param {number} width Of the chart, in pixels.
 * @param {import("./plane.js").Padding} padding
 * @param {[number, number]} energies Limits around the energies of all setups, in mJ.
 * @param {import("./data.js").Rows} rows
 * @param {import("./state.js").State} state
 * @returns {Plane}
 */
export function planeOf(width, padding, energies, rows, state) {
  const [ratio, size] = SHAPES[width < NARROW ? "narrow" : "wide"];
  const [energyFrom, energyTo, accuracyFrom, accuracyTo] = state.view ?? wholeView(energies, rows, state);
  const height = Math.round(width * ratio);
  return new Plane([energyFrom, energyTo], [accuracyFrom, accuracyTo], state.scale, width, height, size, padding);
}

/** @returns {import("./state.js").View} All models of the setup, whatever the filters leave: axes stay where they are. */
export function wholeView(energies, rows, { scale }) {
  if (!rows.complete.length) return [...energies, 0, 100];
  const [cheapest, dearest, low, high] = boundsOf(rows.complete, rows);
  const [energyFrom, energyTo] = scale === "linear" ? [0, dearest * (1 + MARGIN)] : energies;
  return cheapest > 0 ? [energyFrom, energyTo, ...accuracyDomain(low, high)] : [...energies, 0, 100];
}

/**
 * @param {Int32Array} eligible Rows within the limits.
 * @param {import("./data.js").Rows} rows
 * @param {"log" | "linear"} scale
 * @returns {import("./state.js").View | null} Around them, with room above the best for names; null where there is none.
 */
export function viewAround(eligible, rows, scale) {
  if (!eligible.length) return null;
  const [cheapest, dearest, low, high] = boundsOf(eligible, rows);
  const margin = MARGIN * Math.max(1, high - low);
  const stretch = Math.max(1.1, (dearest / cheapest) ** MARGIN);
  const energy = scale === "linear" ? [0, dearest * (1 + MARGIN)] : [cheapest / stretch ** 3, dearest * stretch];
  return [...energy, Math.max(0, low - margin), Math.min(100, high + 3 * margin)];
}

function boundsOf(some, { energy, accuracy }) {
  let [cheapest, dearest, low, high] = [Infinity, 0, Infinity, -Infinity];
  for (const row of some) {
    [cheapest, dearest] = [Math.min(cheapest, energy[row]), Math.max(dearest, energy[row])];
    [low, high] = [Math.min(low, accuracy[row]), Math.max(high, accuracy[row])];
  }
  return [cheapest, dearest, low, high];
}
