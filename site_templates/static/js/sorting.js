// A table's headers into buttons that ask for an order of its rows, and the order into what the headers say.

/** @typedef {{key: string, descending: boolean}} Order A column's data-key, and which way. */

/**
 * Make a button of what each header with a data-key begins with: a press sorts by that column, another turns it round.
 * @param {HTMLTableElement} table Columns with data-first="down" begin with the most.
 * @param {() => Order} orderNow
 * @param {(order: Order) => void} choose
 */
export function listenToHeaders(table, orderNow, choose) {
  for (const header of table.tHead.querySelectorAll("th[data-key]")) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.append(header.firstChild);
    header.prepend(button);
  }
  table.tHead.addEventListener("click", ({ target }) => {
    const header = target.closest("th[data-key]");
    if (!header) return;
    const [{ key, first }, now] = [header.dataset, orderNow()];
    choose({ key, descending: key === now.key ? !now.descending : first === "down" });
  });
}

/**
 * Say on the header of the column, and on no other, which way the rows are sorted.
 * @param {HTMLTableElement} table
 * @param {Order} order
 */
export function markOrder(table, { key, descending }) {
  for (const header of table.tHead.querySelectorAll("th[data-key]")) {
    if (header.dataset.key === key) header.setAttribute("aria-sort", descending ? "descending" : "ascending");
    else header.removeAttribute("aria-sort");
  }
}
