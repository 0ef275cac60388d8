// Energy per item into what a year of a workload takes, as builder/analysis/workload.py has it.

const MJ_PER_KWH = 3.6e9;
const DAYS_PER_YEAR = 365;
const G_PER_KG = 1000;

/**
 * @typedef {object} Workload
 * @property {number} items
 * @property {"day" | "year"} per
 * @property {number} grid In g of CO2 equivalents per kWh.
 * @property {number} price In euro per kWh.
 */

/**
 * @param {number} energyMj Per item.
 * @param {Workload} workload
 * @returns {{energyKwh: number, costEur: number, emissionsKg: number}} Of a year.
 */
export function yearlyWorth(energyMj, { items, per, grid, price }) {
  const energyKwh = (energyMj * (per === "day" ? items * DAYS_PER_YEAR : items)) / MJ_PER_KWH;
  return { energyKwh, costEur: energyKwh * price, emissionsKg: (energyKwh * grid) / G_PER_KG };
}
