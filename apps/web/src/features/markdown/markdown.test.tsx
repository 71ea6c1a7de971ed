import { createInstance } from "i18next";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, test, vi } from "vitest";
import { Router } from "wouter";
import en from "../../i18n/en/index.ts";
import { TooltipProvider } from "../../ui/tooltip.tsx";
import { Markdown, type MentionOf } from "./markdown.tsx";

beforeAll(async () => {
  vi.stubGlobal("location", { origin: "https://chat.example" });
  await createInstance().use(initReactI18next).init({ lng: "en", resources: { en } });
});

const mentionOf: MentionOf = (name) => (name === "anna" ? { label: "Анна", isMe: false } : null);

function html(content: string): string {
  return renderToStaticMarkup(
    <Router ssrPath="/">
      <TooltipProvider>
        <Markdown content={content} mentionOf={mentionOf} />
      </TooltipProvider>
    </Router>,
  );
}

test("HTML in a message is shown as text", () => {
  const markup = html('<img src=x onerror="alert(1)"> **<b>x</b>** `<i>` [<u>](https://a.example/?"><script>)');
  expect(markup).not.toMatch(/<(?:img|b|i|u|script)[ >]/);
  expect(markup).toContain("&lt;img src=x");
});

test("an @name is rendered as a mention only when it names a mentioned user", () => {
  expect(html("@anna @nobody")).toMatch(/>@Анна<\/span> @nobody/);
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
