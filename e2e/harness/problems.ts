import type { Page } from "playwright-core";

/** Everything a page complained about: exceptions, console errors (refusals of the content security policy are such), answers of 500 and above. */
export interface Problems {
  readonly seen: readonly string[];
  /** A test that breaks something says which complaints it asks for. */
  allow(pattern: RegExp): void;
  unexpected(): string[];
}

/** Chromium reports every refused request; whether the interface takes a refusal well is for the tests to look at. */
const refusals = /Failed to load resource: the server responded with a status of 4\d\d/;

export function collectProblems(page: Page): Problems {
  const seen: string[] = [];
  const allowed = [refusals];
  page.on("pageerror", (error) => seen.push(`exception: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") seen.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) seen.push(`answer: ${response.status()} ${response.url()}`);
  });
  return {
    seen,
    allow: (pattern) => void allowed.push(pattern),
    unexpected: () => seen.filter((problem) => !allowed.some((pattern) => pattern.test(problem))),
  };
}
