import { foldName, mentionsOf } from "@miscord/text";
import * as fc from "fast-check";
import { createInstance } from "i18next";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { Router } from "wouter";
import en from "../../i18n/en/start/index.ts";
import { TooltipProvider } from "../../ui/tooltip.tsx";
import { CodeBlock } from "./code-block.tsx";
import { Markdown, type MentionOf } from "./markdown.tsx";

beforeAll(async () => {
  vi.stubGlobal("location", { origin: "https://chat.example" });
  await createInstance().use(initReactI18next).init({ lng: "en", resources: { en } });
});

const mentionOf: MentionOf = (name) =>
  name === "nobody" ? null : { id: name === "anna" ? 1 : 2, label: name === "anna" ? "Анна" : name, isMe: false };

function html(content: string, { mentions = [1] as readonly number[] | null, mentionsEveryone = false } = {}): string {
  return renderToStaticMarkup(
    <Router ssrPath="/">
      <TooltipProvider>
        <Markdown {...{ content, mentionOf, mentions, mentionsEveryone }} />
      </TooltipProvider>
    </Router>,
  );
}

test("HTML in a message is shown as text", () => {
  const markup = html('<img src=x onerror="alert(1)"> **<b>x</b>** `<i>` [<u>](https://a.example/?"><script>)');
  expect(markup).not.toMatch(/<(?:img|b|i|u|script)[ >]/);
  expect(markup).toContain("&lt;img src=x");
});

test("draws as mentions only those that the server resolved", () => {
  expect(drawnMentions(html("@anna @boris @nobody"))).toEqual(["anna"]);
  expect(html("@anna @nobody")).toMatch(/>@<bdi>Анна<\/bdi><\/span> @nobody/);
  expect(drawnMentions(html("@everyone"))).toEqual([]);
  expect(drawnMentions(html("@everyone", { mentionsEveryone: true }))).toEqual(["everyone"]);
  expect(drawnMentions(html("@anna @boris", { mentions: null }))).toEqual(["anna", "boris"]);
});

/** Folded names of the chips in a markup. */
function drawnMentions(markup: string): string[] {
  return [...markup.matchAll(/title="@([^"]*)" class="rounded-sm px-/g)].map((match) => foldName(match[1]!));
}

describe("the page and the server agree", () => {
  const parts = [
    "@anna",
    "@boris",
    "@everyone",
    "`",
    "```",
    "\n",
    "||",
    "**",
    "_",
    "> ",
    "- ",
    "\\",
    " ",
    "слово",
    "[",
    "](https://a.example)",
  ];
  const more = [
    "https://h.example/",
    "www.",
    "a@b.example",
    "<",
    "(",
    ")",
    "«",
    "»",
    "\n\n",
    "~~",
    "1. ",
    "日本",
    "।",
    "/",
    ".",
  ];
  const text = fc.array(fc.constantFrom(...parts, ...more), { maxLength: 40 }).map((some) => some.join(""));

  test("on whom a text mentions, and on what is covered", () => {
    fc.assert(
      fc.property(text, (content) => {
        const markup = html(content, { mentions: null, mentionsEveryone: true });
        const { names, everyone } = mentionsOf(content);
        expect(new Set(drawnMentions(markup))).toEqual(
          new Set([...names, ...(everyone ? ["everyone"] : [])].filter((name) => name !== "nobody")),
        );
      }),
      { numRuns: 500 },
    );
  });
});

test("covers blocks without a trace of them in the page", () => {
  expect(html("||\n> тайна\n- @anna\n||")).not.toMatch(/тайна|anna|<blockquote|<li/);
});

test("gives each text its own direction, and code always the one from left to right", () => {
  expect(html("שלום, זה test עם English!")).toMatch(/^<div[^>]*><p dir="auto" class="[^"]*\[unicode-bidi:plaintext\]/);
  expect(html("> a\n- b\n`c`")).toMatch(/<blockquote dir="auto".*<ul dir="auto".*<code dir="ltr"/);
  // Until its frame is loaded, and with it.
  expect(html("```\nx\n```")).toMatch(/<pre dir="ltr"/);
  const framed = (
    <TooltipProvider>
      <CodeBlock text="x" language={null} />
    </TooltipProvider>
  );
  expect(renderToStaticMarkup(framed)).toMatch(/<figure dir="ltr"/);
});

test("links to other sites open in a new tab without referrer or opener", () => {
  expect(html("[site](https://a.example)")).toContain(
    'href="https://a.example/" target="_blank" rel="noopener noreferrer nofollow"',
  );
  expect(html("[here](https://chat.example/channels/1/2/3)")).toMatch(/href="\/channels\/1\/2\/3"(?![^>]*target)/);
});

test("a spoiler's text is hidden from screen readers until it is revealed", () => {
  const markup = html("||**secret**||");
  expect(markup).toMatch(/<button[^>]*>.*<span aria-hidden="true"[^>]*>secret/);
});

test("messages of emoji only are shown enlarged", () => {
  expect(html("🎉🎉")).toContain("text-[2.5rem]");
  expect(html("🎉 yes")).not.toContain("text-[2.5rem]");
});

test("hundreds of codes in a message have no tooltip of the page's own each", () => {
  // One would need the provider.
  const markup = renderToStaticMarkup(<CodeBlock text="a" language={null} />);
  expect(markup).toMatch(/<button type="button" aria-label="([^"]+)" title="\1"/);
});
