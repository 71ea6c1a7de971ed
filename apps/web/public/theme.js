// Sets the theme before the first paint, so that the other theme never flashes. src/core/theme.ts takes over later.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("miscord.theme");
  } catch {
    // Storage may be forbidden; the system's colour scheme still applies.
  }
  const light = chosen === "light" || (chosen !== "dark" && matchMedia("(prefers-color-scheme: light)").matches);
  document.documentElement.dataset.theme = light ? "light" : "dark";
})();
