// The filters chosen into the rows that they leave.

/**
 * @param {any} models data/explorer/models.json
 * @param {import("./data.js").Rows} rows
 * @param {import("./state.js").State} state
 * @returns {(row: number) => boolean} Whether a row that has an accuracy is left.
 */
export function keeps({ class: classes, family, year, parameters_m, input_size_px }, { model, flagged }, state) {
  const [[since, until], [fewest, most], [smallest, largest]] = [state.years, state.parameters, state.sizes];
  return (row) => {
    const place = model[row];
    return (
      !(state.unflagged && flagged[row]) &&
      state.classes.includes(classes[place]) &&
      (state.family === "" || family[place] === state.family) &&
      year[place] >= since &&
      year[place] <= until &&
      within(parameters_m[place], fewest, most) &&
      within(input_size_px[place], smallest, largest)
    );
  };
}

/** What is not known is within no limits, but where there are none. */
const within = (value, least, most) =>
  value === null ? least === -Infinity && most === Infinity : value >= least && value <= most;
