// What the reader types into the models that are meant.

/** Fewer letters would mark half of the models. */
const LEAST = 2;
/** A word, a "phrase", or one of them with what it is to be compared with: family:"ConvNeXt V2". */
const PART = /(?:(family|paper|siblings):)?(?:"([^"]*)"?|(\S+))/giu;

/** @type {WeakMap<any, string[]>} models.json -> what words are looked for in, a model. */
const texts = new WeakMap();

/**
 * @param {any} models data/explorer/models.json
 * @param {Int32Array} rows
 * @param {Int32Array} places The model of each row.
 * @param {string} text Parts of names, families or papers, all of which must occur; family:, paper: and siblings: with
 *   the whole name of one.
 * @returns {number[]} Rows.
 */
export function found(models, rows, places, text) {
  const parts = partsOf(text);
  if (parts.map((part) => part.text).join("").length < LEAST) return [];
  const searched = textsOf(models);
  return Array.from(rows).filter((row) => parts.every((part) => fits(models, places[row], part, searched)));
}

/** @param {string} kind @param {string} name @returns {string} What to type for a whole name. */
export const exactly = (kind, name) => (/[\s"]/u.test(name) ? `${kind}:"${name}"` : `${kind}:${name}`);

/** @param {any} models @returns {string[]} In small letters: name, family, and the paper's title and reference. */
export function textsOf(models) {
  if (!texts.has(models)) {
    const { family, papers } = models;
    const paper = models.paper.map((place) => `${papers.title[place]} ${papers.reference[place]}`);
    texts.set(models, models.model.map((_, place) => `${labelOf(models, place)} ${family[place]} ${paper[place]}`.toLowerCase()));
  }
  return texts.get(models);
}

/** @param {any} models @param {number} place @returns {string} Name and input size, as links have it. */
export const labelOf = (models, place) => `${models.model[place]}@${models.input_size_px[place]}`;

/** @param {any} models @param {number} place @returns {string} Equal for siblings: architecture and input size. */
export const siblingsOf = (models, place) => `${models.model[place].split(".")[0]}@${models.input_size_px[place]}`;

function partsOf(text) {
  return Array.from(text.matchAll(PART), ([, kind, phrase, word]) => ({
    kind: kind?.toLowerCase(),
    text: (phrase ?? word).toLowerCase(),
  })).filter((part) => part.text);
}

function fits(models, place, { kind, text }, searched) {
  if (kind === "family") return models.family[place].toLowerCase() === text;
  if (kind === "siblings") return siblingsOf(models, place).toLowerCase() === text;
  if (kind === "paper") return models.papers.reference[models.paper[place]].toLowerCase() === text;
  return searched[place].includes(text);
}
