// The models' JSON into the rows of a comparison: each figure, its interval, and its distance from the first model's.

import { NOTHING, fixed, number } from "./format.js";
import { signed } from "./swap_card.js";
import { distinguishable, ratioInterval } from "./units_interval.js";

/**
 * @typedef {object} Cell
 * @property {string} value
 * @property {boolean} [missing] Whether the value says why there is none.
 * @property {string} [interval]
 * @property {string} [difference] From the first model's.
 * @property {boolean} [alike] Whether the difference is no more than noise.
 * @property {boolean} [doubted]
 * @typedef {{title: string, path?: string, cells: Cell[]}} Row
 * @typedef {{title: string, rows: Row[]}} Group
 * @typedef {{key: string, title: string, path: string, card: string}} Setup
 * @typedef {object} Words
 * @property {Setup[]} setups
 * @property {{key: string, title: string}[]} testSets
 * @property {Map<string, string>} statuses
 * @property {Map<string, string>} classes
 */

/**
 * @param {any[]} models Their JSON, the first one first.
 * @param {Words} words
 * @param {string} on The setup that energies are compared with; empty for each its own.
 * @returns {Group[]}
 */
export function groupsOf(models, words, on) {
  return [
    {
      title: "GPU energy per image, mJ",
      rows: words.setups.map((setup) => energyRow(models, words, setup, words.setups.find(({ key }) => key === on) ?? setup)),
    },
    { title: "Accuracy, %", rows: words.testSets.map((testSet) => accuracyRow(models, testSet)) },
    {
      title: "About the models",
      rows: [
        plainRow("Class", models, (model) => words.classes.get(model.class)),
        plainRow("Family", models, (model) => model.family),
        plainRow("Year", models, (model) => String(model.year)),
        plainRow("Input, px", models, (model) => String(model.input_size_px)),
        amountRow("Parameters, million", models, (model) => model.parameters_m),
        amountRow("MACs, billion", models, (model) => model.macs_g),
      ],
    },
  ];
}

function energyRow(models, { statuses }, setup, base) {
  const first = models[0].figures[base.key];
  const cells = models.map((model, place) => {
    const figure = model.figures[setup.key];
    if (!figure) return { value: "not measured", missing: true };
    if (figure.energy_mj === null) return { value: statuses.get(figure.status), missing: true };
    const cell = { value: number(figure.energy_mj, 4), doubted: figure.flags.length > 0 };
    const ends = endsOf(figure);
    if (ends) cell.interval = `${number(ends[0], 4)}${NOTHING}${number(ends[1], 4)}`;
    const self = place === 0 && base === setup;
    if (self || !first || first.energy_mj === null) return cell;
    const siblings = base === setup && areSiblings(models[0], model);
    return { ...cell, ...ratio(first, figure, { siblings, sameCard: base.card === setup.card }) };
  });
  return { title: setup.title, path: setup.path, cells };
}

/** On one setup these must agree: what their energies differ by is noise. */
const areSiblings = (one, other) => one.architecture === other.architecture && one.input_size_px === other.input_size_px;

function ratio(before, after, { siblings, sameCard }) {
  const text = `×\u00a0${number(after.energy_mj / before.energy_mj)}`;
  if (siblings) return { difference: `${text}, siblings: the difference is noise`, alike: true };
  const apart = distinguishable(endsOf(before), endsOf(after), sameCard);
  if (apart === null) return { difference: `${text}, interval not known` };
  if (!apart) return { difference: `${text}, not distinguishable`, alike: true };
  const [low, high] = ratioInterval(endsOf(before), endsOf(after), sameCard);
  return { difference: `${text} (${number(low)}${NOTHING}${number(high)})` };
}

const endsOf = ({ energy_low_mj: low, energy_high_mj: high }) => (low === null ? null : [low, high]);

function accuracyRow(models, { key, title }) {
  const first = models[0].accuracy[key];
  const cells = models.map((model, place) => {
    const one = model.accuracy[key];
    if (!one) return { value: "not tested", missing: true };
    const value = fixed(one.accuracy_pct, 2);
    return place && first ? { value, difference: `${signed(one.accuracy_pct - first.accuracy_pct)} points` } : { value };
  });
  return { title, cells };
}

const plainRow = (title, models, text) => ({ title, cells: models.map((model) => ({ value: text(model) })) });

function amountRow(title, models, amount) {
  const first = amount(models[0]);
  const cells = models.map((model, place) => {
    const one = amount(model);
    if (one === null) return { value: NOTHING, missing: true };
    return place && first ? { value: number(one), difference: `×\u00a0${number(one / first)}` } : { value: number(one) };
  });
  return { title, cells };
}
