// The model that the reader chose into what to take instead of it, and what that saves of the workload typed.

import { modelPath } from "./data.js";
import { siblingsOf } from "./search.js";
import { breakable, swapCard } from "./swap_card.js";
import { MARGIN, findSwap } from "./swap_find.js";
import { yearlyWorth } from "./units.js";
import { distinguishable, doubtsOf, intervalOf } from "./units_interval.js";

export class Swap {
  /** @param {HTMLElement} section @param {{choose: import("./view.js").Choose}} hands */
  constructor(section, { choose }) {
    this.section = section;
    this.choose = choose;
    this.places = Object.fromEntries(
      Array.from(section.querySelectorAll("[data-swap-say]"), (element) => [element.dataset.swapSay, element]),
    );
    this.first = this.places.lead.textContent;
    this.cards = section.querySelector("[data-swap-cards]");
    this.template = section.querySelector("template");
    this.inputs = Object.fromEntries(
      Array.from(section.querySelectorAll("input[name], select[name]"), (input) => [input.name, input]),
    );
    section.addEventListener("input", () => this.view && this.write());
    section.addEventListener("change", (event) => this.onChange(event));
    section.querySelector("[data-swap-clear]").addEventListener("click", () => choose(null));
  }

  /** @param {import("./view.js").View} view @param {number | null} place The chosen model's, in models.json. */
  show(view, place) {
    // Sliders and scores change nothing here, unless they limit who is proposed.
    const same = this.view?.rows === view.rows && this.place === place && !this.inputs.among.checked;
    Object.assign(this, { view, place });
    if (!same) this.write();
  }

  write() {
    const workload = this.workload();
    const { view, place } = this;
    const row = place === null ? -1 : view.rows.model.indexOf(place);
    const found = row >= 0 && !Number.isNaN(view.rows.accuracy[row]) ? this.find(row) : { cheaper: -1, better: -1 };
    const { cheaper, better } = found;
    const within = `Cheapest within ${MARGIN} points`;
    const [both, more] = [`${within}, and most accurate for no more energy`, "Most accurate for no more energy"];
    const proposals = [];
    if (cheaper >= 0) proposals.push(this.proposal(cheaper === better ? both : within, row, cheaper, workload));
    if (better >= 0 && better !== cheaper) proposals.push(this.proposal(more, row, better, workload));
    this.cards.replaceChildren(...proposals);
    this.say("lead", place === null ? this.first : "");
    this.chosen(row, proposals.length);
    const missing = cheaper < 0 ? `No model within ${MARGIN} points of its accuracy takes distinguishably less energy.` : "";
    const worse = better < 0 ? "No model that takes no more energy is more accurate." : "";
    this.say("rest", proposals.length ? missing || worse : "");
  }

  find(row) {
    const { models, rows, setup, eligible } = this.view;
    const doubts = doubtsOf(setup);
    const among = this.inputs.among.checked ? Int32Array.from(eligible).sort() : rows.complete;
    return findSwap(rows, among.filter((one) => !doubts.has(rows.model[one])), row, {
      intervalAt: (one) => intervalOf(setup, one),
      siblingsAt: (one) => siblingsOf(models, rows.model[one]),
    });
  }

  /** What is said of the model chosen. */
  chosen(row, proposals) {
    const { view, place } = this;
    const { models, rows, setup } = view;
    const link = this.places.model;
    link.hidden = place === null;
    this.section.querySelector("[data-swap-clear]").hidden = place === null;
    if (place === null) return this.say("chosen", "");
    link.replaceChildren(...breakable(models.model[place]));
    link.href = modelPath(models, place);
    const size = `at ${models.input_size_px[place]}\u00a0px`;
    if (row < 0) return this.say("chosen", `${size} has no energy on this setup: nothing can be said of it here.`);
    if (Number.isNaN(rows.accuracy[row])) return this.say("chosen", `${size} was not tested on all of the test sets chosen.`);
    const among = this.inputs.among.checked ? "among the models within filters and limits" : "among all models of the setup";
    const doubt = doubtsOf(setup).has(place) ? " Its own figure is in doubt, so take the gains with care." : "";
    const none = this.inputs.among.checked
      ? `: no better swap ${among}.`
      : `: no better swap. Of the models not in doubt, none that takes no more energy is more accurate, and none within ${MARGIN} points of its accuracy takes distinguishably less energy.`;
    return this.say("chosen", `${size}${proposals ? `, ${among}:` : none}${doubt}`);
  }

  proposal(aim, before, after, workload) {
    const { models, rows, setup } = this.view;
    const [from, to] = [rows.model[before], rows.model[after]];
    const saved = rows.energy[before] - rows.energy[after];
    const card = swapCard(this.template, {
      aim,
      model: models.model[to],
      size: models.input_size_px[to],
      path: modelPath(models, to),
      compare: `compare.html?models=${slugOf(models, from)},${slugOf(models, to)}`,
      energy: [rows.energy[before], rows.energy[after]],
      accuracy: [rows.accuracy[before], rows.accuracy[after]],
      distinguishable: siblingsOf(models, from) !== siblingsOf(models, to) && distinguishable(intervalOf(setup, before), intervalOf(setup, after), true),
      worth: yearlyWorth(saved, workload),
    });
    card.querySelector("button").addEventListener("click", () => this.choose(to));
    return card;
  }

  /** An empty number is left as at first; one beyond its limits, which is said beside it, stays out of the link. */
  onChange(event) {
    const { target } = event;
    if (target.type !== "number") return;
    if (target.value === "") target.value = target.defaultValue;
    if (!target.validity.valid) event.stopPropagation();
  }

  /** @returns {import("./units.js").Workload} As typed; empty, or beyond the field's limits, as it was at first. */
  workload() {
    const read = (name) => {
      const { value, defaultValue, validity, min, max } = this.inputs[name];
      const beyond = value !== "" && (validity.rangeUnderflow || validity.rangeOverflow);
      this.inputs[name].ariaInvalid = beyond ? "true" : null;
      const limit = validity.rangeUnderflow ? `Less than ${inWords(min)}` : `More than ${inWords(max)}`;
      this.say(`refused-${name}`, beyond ? `${limit} cannot be used: taken as ${inWords(defaultValue)}.` : "");
      return Number(value === "" || beyond ? defaultValue : value);
    };
    return { items: read("load"), per: this.inputs.per.value, grid: read("grid"), price: read("price") };
  }

  say(place, text) {
    const element = this.places[place];
    if (element.textContent !== text) element.textContent = text;
  }
}

const inWords = (value) => Number(value).toLocaleString("en");

const slugOf = (models, place) => modelPath(models, place).slice("models/".length, -".html".length);
