// One proposal into its card, as site_templates/macros/swap.html writes it on the models' pages.

import { energy, fixed, number, percent } from "./format.js";

/** Of kWh, euro and kg. */
const LEAST_AMOUNT = 0.001;

/**
 * @typedef {object} Proposal
 * @property {string} aim Why it is proposed.
 * @property {string} model
 * @property {number} size In pixels.
 * @property {string} path Its page.
 * @property {string} compare The page that compares the two.
 * @property {number[]} energy Before and after, in mJ.
 * @property {number[]} accuracy Before and after, in percent.
 * @property {boolean | null} distinguishable Whether the two energies are, siblings' never; null where that is not known.
 * @property {{energyKwh: number, costEur: number, emissionsKg: number}} worth What a year saves.
 */

/** @param {HTMLTemplateElement} template @param {Proposal} proposal @returns {HTMLElement} */
export function swapCard(template, proposal) {
  const card = /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
  const say = (place, text) => (card.querySelector(`[data-card="${place}"]`).textContent = text);
  const [before, after] = proposal.energy;
  const [from, to] = proposal.accuracy;
  say("aim", proposal.aim);
  card.querySelector('[data-card="model"]').replaceChildren(...breakable(proposal.model));
  say("size", `${proposal.size}\u00a0px`);
  say("factor", `${number(before / after)}\u00a0×`);
  say("gain", signed(to - from));
  say("terms", `${energy(before)} → ${energy(after)} per image; ${fixed(from, 2)} → ${percent(to, 2)}.`);
  say("doubt", doubt(proposal.distinguishable));
  say("worth", worthText(before - after, proposal));
  card.querySelector('[data-card="model"]').href = proposal.path;
  card.querySelector('[data-card="compare"]').href = proposal.compare;
  return card;
}

/** @param {string} name @returns {Node[]} A model's name, with places where a line may end: after _ and before a dot. */
export function breakable(name) {
  const parts = name.split(/(?<=_)|(?=\.)/u);
  return parts.flatMap((part, place) => (place ? [document.createElement("wbr"), new Text(part)] : [new Text(part)]));
}

/** @param {number} value @param {number} [decimals] @returns {string} With its sign, whichever it is. */
export function signed(value, decimals = 2) {
  const text = fixed(value, decimals);
  return text.startsWith("−") ? text : `+${text}`;
}

const doubt = (apart) => {
  if (apart === null) return " How far the two energies can be trusted is not known.";
  return apart ? "" : " The two energies are not distinguishable.";
};

function worthText(savedMj, { distinguishable, worth: { energyKwh, costEur, emissionsKg } }) {
  if (savedMj === 0 || distinguishable === false) return "Saves no energy beyond noise.";
  const [kwh, eur, kg] = [amount(energyKwh), amount(costEur, "€"), amount(emissionsKg)];
  return `Saves ${energy(savedMj)} per image: ${kwh}\u00a0kWh, ${eur} and ${kg}\u00a0kg of CO₂e a year.`;
}

const amount = (value, sign = "") =>
  value > 0 && value < LEAST_AMOUNT ? `under ${sign}${LEAST_AMOUNT}` : sign + number(value);
