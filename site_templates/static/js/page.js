// What happens around the chart: theme, width, the pointer on a row of the ranking, rings beside models, links within the page.

/**
 * @param {import("./chart.js").Chart} chart
 * @param {HTMLTableElement} table The ranking.
 * @param {object} hands
 * @param {() => void} hands.recolour Another theme is on.
 * @param {() => void} hands.draw
 * @param {(place: number) => void} hands.point To the model at a place of the ranking; -1 to none.
 * @param {import("./view.js").Choose} hands.choose
 */
export function listenToThePage(chart, table, { recolour, draw, point, choose }) {
  noteTheme(chart.element);
  document.addEventListener("themechange", () => {
    noteTheme(chart.element);
    recolour();
  });
  new ResizeObserver(() => chart.measure() && draw()).observe(chart.element);
  for (const [event, leaves] of [["pointerover", false], ["focusin", false], ["pointerleave", true], ["focusout", true]]) {
    table.addEventListener(event, ({ target }) => {
      const row = leaves ? null : target.closest?.("tbody tr");
      point(row ? row.sectionRowIndex : -1);
    });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-jump]");
    if (link) jump(event, link);
    const ring = event.target.closest("button[data-choose]");
    if (ring) choose(ring.ariaPressed === "true" ? null : Number(ring.value));
  });
}

/** Paper is light: in print the style sheet turns round what was drawn for a dark screen. */
function noteTheme(element) {
  const { theme } = document.documentElement.dataset;
  const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  element.classList.toggle("drawn-dark", dark);
}

/** Without an entry in the history, and without a place of the page in the link that a reader shares. */
function jump(event, link) {
  event.preventDefault();
  const target = document.querySelector(link.hash);
  target.scrollIntoView();
  target.focus({ preventScroll: true });
}

/**
 * A ring beside a model, with which it is chosen.
 * @param {HTMLButtonElement} ring
 * @param {number} place In models.json.
 * @param {string} name
 * @param {boolean} chosen Whether it is the one chosen.
 */
export function writeRing(ring, place, name, chosen) {
  ring.hidden = false;
  ring.value = String(place);
  ring.title = chosen ? "Choose none" : "Choose: what to take instead";
  ring.setAttribute("aria-label", `Choose ${name}`);
  ring.setAttribute("aria-pressed", String(chosen));
}
