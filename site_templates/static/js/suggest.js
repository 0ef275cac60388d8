// The first letters of a search into what they may become: families, papers, models.

import { exactly, labelOf } from "./search.js";

const LEAST = 2;
const MOST = { family: 3, paper: 3, model: 6 };

/**
 * @typedef {object} Suggestion
 * @property {"family" | "paper" | "model"} kind
 * @property {string} title
 * @property {string} detail
 * @property {string} search What finds it.
 * @property {number} [place] Of a model, in models.json.
 *
 * @param {import("./figures.js").Figures} figures Those that the filters leave can be found.
 * @param {string} text
 * @returns {Suggestion[]}
 */
export function suggest({ models, kept, rows }, text) {
  const wanted = text.trim().toLowerCase();
  if (wanted.length < LEAST || wanted.includes(":")) return [];
  const [families, papers, byName] = [new Map(), new Map(), []];
  const words = wanted.split(/\s+/u);
  const meant = (name) => words.every((word) => name.toLowerCase().includes(word));
  for (const row of kept) {
    const place = rows.model[row];
    const [family, paper] = [models.family[place], models.paper[place]];
    families.set(family, (families.get(family) ?? 0) + 1);
    papers.set(paper, (papers.get(paper) ?? 0) + 1);
    if (meant(labelOf(models, place))) byName.push(place);
  }
  const { title, reference } = models.papers;
  return [
    ...first(MOST.family, [...families].filter(([name]) => meant(name)), ([name]) => name, wanted).map(([name, count]) => ({
      kind: /** @type {const} */ ("family"), title: name, detail: `family, ${models_(count)}`, search: exactly("family", name),
    })),
    ...first(MOST.model, byName, (place) => models.model[place], wanted).map((place) => ({
      kind: /** @type {const} */ ("model"), title: models.model[place], detail: `${models.input_size_px[place]}\u00a0px`,
      search: labelOf(models, place), place,
    })),
    ...first(MOST.paper, [...papers].filter(([paper]) => meant(`${title[paper]} ${reference[paper]}`)), ([paper]) => title[paper], wanted).map(
      ([paper, count]) => ({
        kind: /** @type {const} */ ("paper"), title: title[paper], detail: `${reference[paper]}, ${models_(count)}`,
        search: exactly("paper", reference[paper]),
      }),
    ),
  ];
}

/** Names that begin with what was typed come first, then the shorter ones. */
function first(most, all, nameOf, wanted) {
  const late = (one) => (nameOf(one).toLowerCase().startsWith(wanted) ? 0 : 1);
  return all.sort((one, other) => late(one) - late(other) || nameOf(one).length - nameOf(other).length).slice(0, most);
}

const models_ = (count) => (count === 1 ? "1 model" : `${count} models`);
