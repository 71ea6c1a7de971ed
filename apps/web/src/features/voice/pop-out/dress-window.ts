/** The attributes on which the look of a page depends. */
const looks = ["lang", "data-theme", "class", "style"];

/** Gives an empty window the look of this page, and follows changes of it. Returns a function that stops that. */
export function dressWindow(other: Window): () => void {
  const { documentElement, head } = document;
  const dress = () => copyLook(other.document.documentElement);
  dress();
  copyStyles(other);
  const looksChange = new MutationObserver(dress);
  looksChange.observe(documentElement, { attributeFilter: looks });
  // Parts that are loaded later may bring styles of their own.
  const stylesChange = new MutationObserver(() => copyStyles(other));
  stylesChange.observe(head, { childList: true });
  return () => {
    looksChange.disconnect();
    stylesChange.disconnect();
  };
}

function copyLook(to: HTMLElement): void {
  for (const name of looks) {
    const value = document.documentElement.getAttribute(name);
    if (value === null) to.removeAttribute(name);
    else to.setAttribute(name, value);
  }
}

/** The rules themselves, so that the window has its look at once. */
function copyStyles(other: Window): void {
  const { CSSStyleSheet } = other as Window & typeof globalThis;
  other.document.adoptedStyleSheets = Array.from(document.styleSheets, (style) => {
    const sheet = new CSSStyleSheet({ baseURL: style.href ?? location.href });
    sheet.replaceSync(rulesOf(style));
    return sheet;
  });
}

/** None of a style that an extension of the browser has brought from elsewhere. */
function rulesOf(style: CSSStyleSheet): string {
  try {
    return Array.from(style.cssRules, ({ cssText }) => cssText).join("\n");
  } catch {
    return "";
  }
}
