// The models picked in the table for a comparison: a hidden field of the form, and so part of the link.

import { modelPath } from "./data.js";

/** As many as compare.html takes. */
export const MOST = 5;

const slugOf = (models, place) => modelPath(models, place).slice("models/".length, -".html".length);

/** @param {any} models data/explorer/models.json @param {string} text @returns {boolean} Whether a link may ask for these picks. */
export function arePicks(models, text) {
  const slugs = text.split(",");
  const known = new Set(models.model.map((_, place) => slugOf(models, place)));
  return slugs.length <= MOST && new Set(slugs).size === slugs.length && slugs.every((slug) => known.has(slug));
}

export class Picks {
  /** @param {HTMLInputElement} field Holds them. @param {HTMLAnchorElement} link To their comparison. */
  constructor(field, link) {
    Object.assign(this, { field, link });
  }

  /** Names of the models' pages, in the order in which they were picked. */
  get slugs() {
    return this.field.value ? this.field.value.split(",") : [];
  }

  get full() {
    return this.slugs.length >= MOST;
  }

  /** @param {any} models @param {number} place @returns {boolean} */
  has(models, place) {
    return this.slugs.includes(slugOf(models, place));
  }

  /** @param {any} models @param {number} place @param {boolean} picked */
  set(models, place, picked) {
    const slug = slugOf(models, place);
    const others = this.slugs.filter((one) => one !== slug);
    this.field.value = (picked ? [...others, slug] : others).join();
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Lets the link lead to what is picked now. */
  show() {
    const { length } = this.slugs;
    this.link.href = `compare.html${length ? `?models=${this.slugs.join()}` : ""}`;
    this.link.textContent = length ? `Compare ${length} picked` : "Compare";
  }
}
