import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { contrast, inkOn } from "./contrast.ts";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

function tokensOf(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split("}")[0] ?? "";
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}

const dark = tokensOf(":root");
const light = { ...dark, ...tokensOf(':root[data-theme="light"]') };
const grounds = ["sunken", "surface", "raised", "overlay", "field"];
const inks = ["ink", "muted", "faint", "link", "danger-ink", "success-ink"];

/** Colour and opacity of the `active` token. */
const highlights = { dark: { hex: "#fff2e0", share: 0.09 }, light: { hex: "#422c12", share: 0.09 } } as const;
/** Colour and opacity of `accent-soft`, the background of a message that mentions the reader. */
const softAccents = { dark: { hex: "#f2a24e", share: 0.1 }, light: { hex: "#f29632", share: 0.16 } } as const;

function mix(ground: string, { hex, share }: { hex: string; share: number }): string {
  const channel = (color: string, at: number) => Number.parseInt(color.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => Math.round(channel(ground, at) * (1 - share) + channel(hex, at) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

describe.each([
  ["dark", dark, highlights.dark, softAccents.dark],
  ["light", light, highlights.light, softAccents.light],
] as const)("contrast in the %s theme", (_name, tokens, highlight, softAccent) => {
  const ratio = (one: string, other: string) => contrast(tokens[one]!, tokens[other]!);

  test.each(grounds.flatMap((ground) => inks.map((ink) => [ink, ground])))(
    "the text colour %s is readable on %s",
    (ink, ground) => {
      expect(ratio(ink, ground)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(grounds.flatMap((ground) => ["ink", "muted", "danger-ink", "link"].map((ink) => [ink, ground] as const)))(
    "the text colour %s is readable on a highlighted row of %s",
    (ink, ground) => {
      expect(contrast(tokens[ink]!, mix(tokens[ground]!, highlight))).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(["ink", "muted", "faint", "link"])(
    "the text colour %s is readable in a message that mentions the reader",
    (ink) => {
      expect(contrast(tokens[ink]!, mix(tokens["surface"]!, softAccent))).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(["accent", "accent-hover"])("the text of a button is readable on the fill %s", (fill) => {
    expect(ratio("on-accent", fill)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(["danger", "danger-hover"])("the text of a button is readable on the fill %s", (fill) => {
    expect(ratio("on-danger", fill)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(
    grounds.flatMap((ground) =>
      ["focus", "mark", "series-2", "series-3", "series-4", "online", "idle", "dnd", "offline"].map((mark) => [
        mark,
        ground,
      ]),
    ),
  )("the mark colour %s is visible on %s", (mark, ground) => {
    expect(ratio(mark, ground)).toBeGreaterThanOrEqual(3);
  });
});

test("initials are readable on every avatar colour", () => {
  for (let step = 0; step < 4_096; step++) {
    const hex = `#${[step >> 8, (step >> 4) & 15, step & 15].map((part) => part.toString(16).repeat(2)).join("")}`;
    expect(contrast(hex, inkOn(hex))).toBeGreaterThanOrEqual(4.5);
  }
});
