// The code that marks carry, by colour and by shape: class, family, year of the paper, or none.

/**
 * @typedef {{key: string, title: string, colour: string, shape: string, count: number}} Group `colour` is a property of the
 *   style sheet, or a mixture of two.
 * @typedef {{by: string, groups: Group[], of: Uint8Array}} Colouring `of` has the group of each row.
 */

const FAMILIES = ["circle", "triangle-up", "square", "diamond", "cross", "triangle-down"];

/**
 * @param {import("./state.js").State["colour"]} by
 * @param {any} models data/explorer/models.json
 * @param {import("./figures.js").Figures} figures
 * @param {Record<string, {colour: string, shape: string}>} classes
 * @param {(key: string) => string} titleOf Of a class.
 * @returns {Colouring}
 */
export function colouringOf(by, models, { rows, kept }, classes, titleOf) {
  const groups = {
    class: () => Object.entries(classes).map(([key, look]) => ({ key, title: titleOf(key), ...look })),
    family: () => families(models, rows),
    year: () => years(models),
    none: () => [{ key: "", title: "", colour: "var(--ink-2)", shape: "circle" }],
  }[by]();
  const places = new Map(groups.map(({ key }, place) => [key, place]));
  const column = by === "none" ? null : models[by];
  const last = groups.length - 1;
  const of = Uint8Array.from(rows.model, (place) => (column ? (places.get(column[place]) ?? last) : 0));
  const counts = new Array(groups.length).fill(0);
  for (const row of kept) counts[of[row]] += 1;
  return { by, groups: groups.map((group, place) => ({ ...group, count: counts[place] })), of };
}

/** The largest ones of all models of the setup, so that filters leave the colours as they are; then all others. */
function families(models, { model, complete }) {
  const counts = new Map();
  for (const row of complete) counts.set(models.family[model[row]], (counts.get(models.family[model[row]]) ?? 0) + 1);
  const largest = [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1)).slice(0, FAMILIES.length);
  return [
    ...largest.map(([key], place) => ({ key, title: key, colour: `var(--family-${place + 1})`, shape: FAMILIES[place] })),
    { key: "\u0000", title: "others", colour: "var(--ink-3)", shape: "circle" },
  ];
}

/** All of them, whatever the setup has: a colour means one year, and the key ends where the slider does. */
function years(models) {
  const all = [...new Set(models.year)].sort((one, other) => one - other);
  const [first, last] = [all[0], all[all.length - 1]];
  return all.map((year) => {
    const share = last > first ? Math.round((100 * (year - first)) / (last - first)) : 100;
    const colour = `color-mix(in oklab, var(--year-last) ${share}%, var(--year-first))`;
    return { key: year, title: String(year), colour, shape: "circle" };
  });
}
