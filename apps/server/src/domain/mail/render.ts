import type { Mail } from "../ports.ts";

/** A paragraph, a list of lines, or a link on a line of its own. */
export type Part = string | readonly string[] | { label: string; url: string };

/** The text and the HTML of a mail, of the same parts. Everything is escaped; links are those of the parts only. */
export function render(subject: string, parts: readonly Part[]): Omit<Mail, "to"> {
  return {
    subject: subject.replace(/\s+/g, " ").trim(),
    text: `${parts.map(asText).join("\n\n")}\n`,
    html: `<!doctype html><html><body style="font-family:sans-serif;line-height:1.5">${parts.map(asHtml).join("")}</body></html>`,
  };
}

function asText(part: Part): string {
  if (typeof part === "string") return part;
  return "url" in part ? `${part.label}:\n${part.url}` : part.map((line) => `- ${line}`).join("\n");
}

function asHtml(part: Part): string {
  if (typeof part === "string") return `<p>${escape(part)}</p>`;
  if ("url" in part) return `<p><a href="${escape(part.url)}">${escape(part.label)}</a></p>`;
  return `<ul>${part.map((line) => `<li>${escape(line)}</li>`).join("")}</ul>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Fills `{{name}}` in. */
export function fill(text: string, values: Readonly<Record<string, string>> = {}): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "");
}

const wordJoiner = "\u2060";

/**
 * A name that people chose, on one line, of which no mail program makes a link: an invisible character parts what would
 * look like an address.
 */
export function harmless(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 100);
  return line.replace(/[.:/@\\]/g, `$&${wordJoiner}`);
}
