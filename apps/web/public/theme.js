// Runs before the first paint, so that nobody sees the other theme flash by. app/theme.ts takes over later.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("miscord.theme");
  } catch {
    // Storage can be forbidden; the system's preference still applies.
  }
  const light = chosen === "light" || (chosen !== "dark" && matchMedia("(prefers-color-scheme: light)").matches);
  document.documentElement.dataset.theme = light ? "light" : "dark";
})();
