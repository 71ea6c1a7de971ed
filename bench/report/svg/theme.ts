/**
 * Colours of the Okabe-Ito palette, which people with colour blindness can tell apart; lighter on a dark background.
 */
const series: Readonly<Record<string, { light: string; dark: string; dash: string }>> = {
  miscord: { light: "#0072b2", dark: "#4da3ff", dash: "" },
  "miscord-deflate": { light: "#007a5e", dark: "#35c9a3", dash: "" },
  "miscord-unbatched": { light: "#0072b2", dark: "#4da3ff", dash: "5 4" },
  "miscord-unbatched-deflate": { light: "#007a5e", dark: "#35c9a3", dash: "5 4" },
  "socket.io": { light: "#b07a00", dark: "#f2b33d", dash: "" },
  "ws-each": { light: "#d55e00", dark: "#ff8a5b", dash: "" },
  "ws-shared": { light: "#a8508a", dark: "#e3a1c6", dash: "" },
};

export function className(name: string): string {
  return `s-${name.replaceAll(".", "")}`;
}

/** A background of its own keeps the picture readable on any page; colours follow the reader's light or dark scheme. */
function style(): string {
  const entries = Object.entries(series);
  const light = entries.map(([name, { light }]) => `.${className(name)}{--c:${light}}`).join("");
  const dark = entries.map(([name, { dark }]) => `.${className(name)}{--c:${dark}}`).join("");
  const dashes = entries
    .filter(([, { dash }]) => dash)
    .map(([name, { dash }]) => `.line.${className(name)}{stroke-dasharray:${dash}}`)
    .join("");
  return (
    "<style>svg{--ground:#fff;--ink:#1f2328;--soft:#59636e;--rule:#d8dee4}" +
    "text{font:13px system-ui,sans-serif;fill:var(--ink)}.title{font-size:16px;font-weight:600}.soft{fill:var(--soft)}" +
    ".ground{fill:var(--ground);stroke:var(--rule)}.rule{stroke:var(--rule)}.limit{stroke:var(--soft);stroke-dasharray:2 3}" +
    ".line{fill:none;stroke:var(--c);stroke-width:2.5}.spread{stroke:var(--c);stroke-width:1.5;opacity:.55}" +
    `.dot,.bar{fill:var(--c)}${light}${dashes}` +
    `@media(prefers-color-scheme:dark){svg{--ground:#151b23;--ink:#e6edf3;--soft:#9198a1;--rule:#3d444d}${dark}}</style>`
  );
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

export function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  const ground = `<rect class="ground" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`;
  return `${head}<title>${escaped(title)}</title>${style()}\n${ground}\n${parts.join("\n")}\n</svg>\n`;
}

/** Three significant digits, with thousands separators. */
export function short(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US").replaceAll(",", " ");
  return String(Number(value.toPrecision(value >= 100 ? 3 : 2)));
}
