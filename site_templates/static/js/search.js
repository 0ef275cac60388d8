// What the reader types into the models that are meant.

/** Fewer letters would mark half of the models. */
const LEAST = 2;

/**
 * @param {any} models data/explorer/models.json
 * @param {import("./data.js").Rows} rows
 * @param {string} text Parts of names or families, all of which must occur.
 * @returns {number[]} Rows.
 */
export function found(models, rows, text) {
  const parts = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.join("").length < LEAST) return [];
  return Array.from(rows.complete).filter((row) => {
    const place = rows.model[row];
    const name = `${models.model[place]}@${models.input_size_px[place]} ${models.family[place]}`.toLowerCase();
    return parts.every((part) => name.includes(part));
  });
}
