// Counts, units and readouts: what the page says in words beside the chart and its controls.

import { count, energy, fixed, limit, number, percent } from "./format.js";
import { NothingLeft } from "./nothing_left.js";
import { energyOf } from "./state.js";
import { winnerAt } from "./winner_strip.js";

export class Words {
  /** @param {HTMLElement} root @param {HTMLFormElement} form */
  constructor(root, form) {
    this.form = form;
    this.places = Object.fromEntries(
      Array.from(document.querySelectorAll("[data-say]"), (element) => [element.dataset.say, element]),
    );
    this.nothingLeft = new NothingLeft(root.querySelector("[data-none]"), form);
    this.stepList = root.querySelector("[data-steps] ol");
    this.classes = new Map(
      Array.from(root.querySelectorAll("[data-class]"), (element) => [element.dataset.class, element.dataset.title]),
    );
  }

  say(place, text) {
    const element = this.places[place];
    if (element.textContent !== text) element.textContent = text;
  }

  /** @param {string} key @returns {string} */
  classTitle(key) {
    return this.classes.get(key);
  }

  /** Readouts of the sliders, and what is of use with the score chosen. */
  controls({ elements }) {
    const [w, min, max] = [Number(elements.w.value), Number(elements.min.value), energyOf(elements.max)];
    const texts = {
      w: `${w} %`,
      min: min > 0 ? `at least ${min} %` : "no limit",
      max: max < Infinity ? `at most ${limit(max)}` : "no limit",
    };
    for (const [name, text] of Object.entries(texts)) {
      this.say(name, text);
      elements[name].setAttribute("aria-valuetext", text);
    }
    elements.w.disabled = elements.score.value === "per_joule";
    this.say("until", elements.until.value);
  }

  /** What is shown, and what is missing from it. */
  choice(option, { models, setup, rows }, state) {
    const { title, runtime } = option.dataset;
    const titles = state.testSets.map((key) => models.test_sets.find((one) => one.key === key).title);
    const on = titles.length === 1 ? titles[0] : `the mean of ${titles.length} test sets`;
    this.say("accuracy", `Top-1 accuracy on ${on}`);
    this.say("energy", `GPU energy per image on ${title}`);
    const [missing, listed] = [setup.missing.length, setup.missing.length + setup.index.length];
    this.say("missing", missing ? `${count(missing)} of ${count(listed)} have no ${runtime} energy.` : `All ${count(listed)} have a ${runtime} energy.`);
    const untested = rows.energy.length - rows.complete.length;
    const one = untested === 1;
    const untestedOn = `${one ? "was" : "were"} not tested on ${titles[0]}`;
    const lacking = titles.length === 1 ? untestedOn : `${one ? "lacks" : "lack"} one of the test sets chosen`;
    this.say("untested", untested ? `${count(untested)} ${lacking} and ${one ? "is" : "are"} left out.` : "");
    this.say("listed", count(rows.complete.length));
    const flagged = rows.complete.filter((row) => rows.flagged[row]).length;
    this.say("flagged", flagged === 1 ? "1 figure" : `${count(flagged)} figures`);
  }

  /** @param {import("./figures.js").Figures} figures What the filters leave. */
  filters({ rows, kept }) {
    const [left, all] = [kept.length, rows.complete.length];
    this.say("filters", left === all ? "all models" : `${count(left)} of ${count(all)} models`);
    this.steps(rows, kept);
  }

  /** The best accuracy within each power of ten, as builder/charts/first_view.py has it. */
  steps({ energy: energies, accuracy }, kept) {
    // The cheapest come first.
    const power = (row) => Math.ceil(Math.log10(energies[row]));
    const [first, last] = kept.length ? [power(kept[0]), power(kept[kept.length - 1])] : [0, -1];
    const best = new Array(last - first + 1).fill(-Infinity);
    for (const row of kept) best[power(row) - first] = Math.max(best[power(row) - first], accuracy[row]);
    for (let step = 1; step < best.length; step += 1) best[step] = Math.max(best[step], best[step - 1]);
    this.stepList.replaceChildren(
      ...best.map((value, step) => {
        const gain = step ? `+${fixed(value - best[step - 1], 1)}` : "";
        const item = document.createElement("li");
        item.append(part("span", limit(10 ** (first + step))), " ", part("strong", percent(value)), " ", part("span", gain, "gain"));
        return item;
      }),
    );
  }

  /**
   * What the ranking and its score mean.
   * @param {import("./view.js").View} view
   * @param {import("./table.js").Entry[]} entries Of the ranking, as far as it is shown.
   * @param {import("./figures.js").Figures} figures
   * @param {import("./winners.js").Winner[]} winners
   */
  ranking({ eligible, state, score, context, models, rows }, entries, figures, winners) {
    const doubted = entries.filter(({ doubts }) => doubts.length).length;
    const doubts = `${doubted === 1 ? "1 of those shown is" : `${doubted} of those shown are`} in doubt: ⚑.`;
    const limits = `${count(eligible.length)} of ${count(figures.kept.length)} models are within the limits.`;
    this.say("eligible", doubted ? `${limits} ${doubts}` : limits);
    this.nothingLeft.show(figures.kept.length, eligible.length);
    this.say("rate", rateText(score, state.w, context));
    const first = winnerAt(winners, state.w);
    this.say("winner", first ? winnerText(models, rows, first) : "");
    const matches = figures.found(state.find).length;
    const some = matches === 1 ? "1 model matches and is" : `${count(matches)} models match and are`;
    this.say("found", state.find === "" ? "" : matches ? `${some} marked in the chart.` : "No model matches.");
  }

  /** @param {{unknown: string[], repeated: string[]}} link What of it was not taken. */
  refused({ unknown, repeated }) {
    const left = unknown.length ? [`The link asks for ${unknown.join(", ")}, which is not known here and was left out.`] : [];
    const again = repeated.length ? [`The link has ${repeated.join(", ")} more than once: the first one counts.`] : [];
    this.say("refused", [...left, ...again].join(" "));
  }

  /** @param {Error | null} error */
  failed(error) {
    this.say("failed", error ? `The figures could not be loaded (${error.message}). What is shown is from before.` : "");
    if (error) console.error(error);
  }
}

/** @returns {string} As the page has it before scripts run. */
function rateText(score, w, context) {
  const rate = score.exchangeRate(w, context);
  if (rate === Infinity) return "Energy does not count.";
  if (score.weighted && w === 100) return "Accuracy does not count.";
  const where = score.key === "manhattan" ? "" : ", at the median model";
  return `One more point of accuracy is worth ${energy(rate, 3)} an image${where}: ${number(rate / context.median, 2)} × the median model.`;
}

const winnerText = ({ model, input_size_px: size }, { model: places, flagged }, { row, from, to }) =>
  `First from W = ${Number(from.toFixed(1))} to ${Number(to.toFixed(1))} %: ${model[places[row]]}, ${size[places[row]]} px${flagged[row] ? ": in doubt ⚑" : ""}.`;

const part = (tag, textContent, className = "") => Object.assign(document.createElement(tag), { textContent, className });
