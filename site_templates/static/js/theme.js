// Light or dark: the system's choice, unless the reader chose otherwise (the one thing this site remembers).
(() => {
  "use strict";
  const KEY = "theme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  /** @returns {string | null} "light", "dark", or null where nothing was chosen or storage is refused. */
  function chosen() {
    try {
      const theme = localStorage.getItem(KEY);
      return theme === "light" || theme === "dark" ? theme : null;
    } catch {
      return null;
    }
  }

  /** @param {string | null} theme */
  function remember(theme) {
    try {
      if (theme) localStorage.setItem(KEY, theme);
      else localStorage.removeItem(KEY);
    } catch {
      // Storage is refused: the choice holds for this page.
    }
  }

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

  /** @param {string | null} theme */
  function apply(theme) {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  }

  apply(chosen());

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-toggle]");
    if (!button) return;
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    const announce = () => {
      show();
      document.dispatchEvent(new CustomEvent("themechange", { detail: { dark: isDark() } }));
    };
    button.hidden = false;
    show();
    button.addEventListener("click", () => {
      const dark = !isDark();
      const theme = dark === system.matches ? null : dark ? "dark" : "light";
      apply(theme);
      remember(theme);
      announce();
    });
    system.addEventListener("change", announce);
  });
})();
