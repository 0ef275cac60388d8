// The site's JSON files into typed arrays: each file is loaded once, and only when it is needed.

/** The format of data/explorer/*.json that these scripts read. */
const FORMAT = 1;

/** @type {Map<string, Promise<any>>} */
const loaded = new Map();

/** @param {string} url @returns {Promise<any>} */
export function load(url) {
  if (!loaded.has(url)) {
    const answer = fetch(url).then((response) => {
      if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
      return response.json();
    });
    // A failure is not kept: the next try asks again.
    answer.catch(() => loaded.delete(url));
    loaded.set(url, answer);
  }
  return loaded.get(url);
}

/** @param {string} url @returns {Promise<any>} A file of the explorer's data, in the format that is known here. */
export async function loadTable(url) {
  const table = await load(url);
  if (table.format !== FORMAT) throw new Error(`${url} has format ${table.format}, expected ${FORMAT}: reload the page`);
  return table;
}

/**
 * @typedef {object} Rows The models of a setup that have an energy, in columns.
 * @property {Int32Array} model Place of each row's model among all models.
 * @property {Float64Array} energy In mJ per item.
 * @property {Float64Array} accuracy In percent, averaged over the test sets chosen; NaN where one of them is missing.
 * @property {Int32Array} complete Rows that have an accuracy.
 * @property {Uint8Array} flagged 1 where the figure is in doubt.
 */

/**
 * @param {any} models data/explorer/models.json
 * @param {any} setup data/explorer/<setup>.json
 * @param {string[]} testSets
 * @returns {Rows}
 */
export function rowsOf(models, setup, testSets) {
  const model = Int32Array.from(setup.index);
  const energy = Float64Array.from(setup.energy_mj);
  const columns = testSets.map((key) => models.accuracy[key]);
  const accuracy = Float64Array.from(model, (place) => meanOf(columns, place));
  const complete = Int32Array.from(accuracy.keys()).filter((row) => !Number.isNaN(accuracy[row]));
  const doubts = new Set(setup.flagged.map(({ index }) => index));
  const flagged = Uint8Array.from(model, (place) => (doubts.has(place) ? 1 : 0));
  return { model, energy, accuracy, complete, flagged };
}

/** @returns {number} Summed in the order chosen, as the builder does; NaN where one is missing. */
function meanOf(columns, place) {
  let sum = 0;
  for (const column of columns) {
    const value = column[place];
    if (value === null) return NaN;
    sum += value;
  }
  return sum / columns.length;
}

/** @param {any} models @param {number} place @returns {string} The page of a model, from the site's root. */
export function modelPath(models, place) {
  return `models/${models.slug[place] ?? `${models.model[place]}@${models.input_size_px[place]}`}.html`;
}
