// What happens around the chart: theme, width, print, and the pointer on a row of the ranking.

/**
 * @param {import("./chart.js").Chart} chart
 * @param {HTMLTableElement} table The ranking.
 * @param {() => void} recolour Another theme is on.
 * @param {() => void} draw
 * @param {(place: number) => void} point To the model at a place of the ranking; -1 to none.
 */
export function listenToThePage(chart, table, recolour, draw, point) {
  document.addEventListener("themechange", recolour);
  new ResizeObserver(() => chart.measure() && draw()).observe(chart.element);
  for (const [event, leaves] of [["pointerover", false], ["focusin", false], ["pointerleave", true], ["focusout", true]]) {
    table.addEventListener(event, ({ target }) => {
      const row = leaves ? null : target.closest?.("tbody tr");
      point(row ? row.sectionRowIndex : -1);
    });
  }
  // Paper is light, whatever the screen is.
  const { dataset } = document.documentElement;
  let theme;
  addEventListener("beforeprint", () => {
    theme = dataset.theme;
    dataset.theme = "light";
    recolour();
  });
  addEventListener("afterprint", () => {
    if (theme) dataset.theme = theme;
    else delete dataset.theme;
    recolour();
  });
}
