// Which models are compared, and the link that says so.

import { isAppended } from "./appended.js";

/** More columns are not read side by side; builder/pages/compare.py has the same number. */
export const MOST = 5;

/**
 * @typedef {object} State
 * @property {string[]} models File names of the models' pages, the first one first.
 * @property {string} on The setup that energies are compared with; empty for each its own.
 */

/**
 * @param {string} search
 * @param {Set<string>} known The models there are.
 * @param {string[]} setups The setups there are.
 * @returns {{state: State, refused: string[]}} What the link asks for, and what of it is not known here or too much.
 */
export function fromLink(search, known, setups) {
  const query = new URLSearchParams(search);
  const asked = (query.get("models") ?? "").split(",").filter(Boolean);
  const models = [...new Set(asked.filter((model) => known.has(model)))];
  const strange = Array.from(query).filter(([name]) => name !== "models" && name !== "on" && !isAppended(name));
  const refused = [...asked.filter((model) => !known.has(model)), ...models.slice(MOST), ...strange.map((pair) => pair.join("="))];
  const on = query.get("on") ?? "";
  if (on && !setups.includes(on)) refused.push(on);
  return { state: { models: models.slice(0, MOST), on: setups.includes(on) ? on : "" }, refused };
}

/** @param {State} state @returns {string} Empty where nothing is compared. */
export function toLink({ models, on }) {
  const query = new URLSearchParams();
  if (models.length) query.set("models", models.join());
  if (on) query.set("on", on);
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%40", "@");
  return text && `?${text}`;
}

/** @param {string[]} models @param {number} from @param {number} to @returns {string[]} With one of them elsewhere. */
export function moved(models, from, to) {
  const rest = models.filter((_, place) => place !== from);
  return [...rest.slice(0, to), models[from], ...rest.slice(to)];
}
