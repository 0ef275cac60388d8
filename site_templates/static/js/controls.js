// The form and the page's address: what an event of a control changes, and what a link brings back.

import { fromQuery, reset, toQuery } from "./query.js";
import { boxesOf } from "./state.js";

/** Browsers allow about three changes of the address a second, and each costs as much as a third of the drawing. */
const QUIET_MS = 400;
/** What controls change, from the least work to the most; all others change what lies over the models. */
const CHANGES = {
  draw: ["scale", "view"],
  filter: ["colour", "unflagged", "class", "family", "since", "until", "minparams", "maxparams", "minsize", "maxsize"],
  choose: ["setup", "on"],
};
const KEEP_ONE = { on: "An average needs at least one test set.", class: "At least one class is shown." };

export class Controls {
  /**
   * @param {HTMLElement} root
   * @param {HTMLFormElement} form
   * @param {import("./words.js").Words} words
   * @param {Record<"over" | "draw" | "filter" | "choose", (how?: {live: boolean}) => void>} act `live` while a slider moves.
   */
  constructor(root, form, words, act) {
    Object.assign(this, { form, words, act, known: {}, firstView: () => "", live: false, moved: "", frame: 0, timer: 0 });
    // Not the form: the length of the ranking is chosen outside of it.
    root.addEventListener("input", ({ target }) => this.onInput(target));
    root.addEventListener("change", ({ target }) => this.onChange(target));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.querySelector("[data-reset]").addEventListener("click", () => this.reset());
    form.querySelector("[data-copy]").addEventListener("click", () => this.copy());
    addEventListener("popstate", () => (this.recall(), act.choose()));
  }

  /** Sliders and search: at most once a frame. */
  onInput({ form, name, type }) {
    if (form !== this.form || (type !== "range" && type !== "search")) return;
    this.words.controls(this.form);
    this.live = true;
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.act[changeOf(name)]({ live: this.live });
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.rememberMove(name, type), QUIET_MS);
    });
  }

  onChange(target) {
    const { form, name, type } = target;
    if (form !== this.form) return;
    if (type === "range" || type === "search") {
      this.live = false;
      return this.rememberMove(name, type);
    }
    this.words.say("kept", this.keepOne(target));
    this.words.controls(this.form);
    // Bounds of another scale are another part of the plane.
    if (name === "scale") this.form.elements.view.value = this.firstView();
    if (type === "number" && !target.validity.valid) return this.words.say("kept", target.validationMessage);
    this.remember({ add: true });
    this.act[changeOf(name)]();
  }

  /** @returns {string} What is said when the last of a group was given up, which then stays. */
  keepOne(box) {
    const reason = KEEP_ONE[box.name];
    if (!reason || boxesOf(this.form, box.name).some((one) => one.checked)) return "";
    box.checked = true;
    return reason;
  }

  /** Write one control as if the reader had: `add` where going back brings the state before it. */
  set(name, value, { add = true } = {}) {
    this.form.elements[name].value = value;
    if (add) this.remember({ add });
    this.act[changeOf(name)]();
  }

  /** One entry in the history for a slider, however often it moves before anything else changes; none for typing. */
  rememberMove(name, type) {
    const add = type === "range" && name !== this.moved;
    if (this.remember({ add }) && add) this.moved = name;
  }

  /** @returns {boolean} Whether the address is another one now. */
  remember({ add = false } = {}) {
    clearTimeout(this.timer);
    const query = toQuery(this.form);
    const url = `${location.pathname}${query && `?${query}`}${location.hash}`;
    if (`${location.pathname}${location.search}${location.hash}` === url) return false;
    if (add) this.moved = "";
    history[add ? "pushState" : "replaceState"](null, "", url);
    return true;
  }

  /** Set the form to what the address says. */
  recall() {
    this.moved = "";
    this.words.refused(fromQuery(this.form, location.search, this.known));
    this.words.say("kept", "");
    this.words.controls(this.form);
  }

  reset() {
    reset(this.form);
    this.words.controls(this.form);
    this.remember({ add: true });
    this.act.choose();
  }

  async copy() {
    this.remember();
    try {
      await navigator.clipboard.writeText(location.href);
      this.words.say("copied", "Link copied.");
    } catch {
      // Where the clipboard is refused: an address that is not safe, or a reader who said no.
      this.words.say("copied", `The browser does not let us copy. The link: ${location.href}`);
    }
  }
}

const changeOf = (name) => Object.keys(CHANGES).find((change) => CHANGES[change].includes(name)) ?? "over";
