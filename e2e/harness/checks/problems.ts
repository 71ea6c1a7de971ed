import type { Page } from "playwright-core";

/** Exceptions, console errors (violations of the content security policy are among them) and responses of 500 and above. */
export interface Problems {
  /** Problems that match are expected by the test. */
  allow(pattern: RegExp): void;
  /** The server, or the network, goes away during the test. */
  allowOutage(): void;
  /** The unexpected problems since the last call. */
  takeUnexpected(): string[];
}

/** Chromium logs every response of 4xx as an error; tests check how the interface handles those. */
const refusals = /Failed to load resource: the server responded with a status of 4\d\d/;

/** What Chromium and a page log while no server answers, or one that is stopping or starting answers 503. */
const outage = /net::ERR_|WebSocket connection|Failed to fetch|status of 503|^response: 503/;

export function collectProblems(page: Page): Problems {
  const seen: string[] = [];
  const allowed = [refusals];
  page.on("pageerror", (error) => seen.push(`exception: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") seen.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) seen.push(`response: ${response.status()} ${response.url()}`);
  });
  return {
    allow: (pattern) => void allowed.push(pattern),
    allowOutage: () => void allowed.push(outage),
    takeUnexpected: () => seen.splice(0).filter((problem) => !allowed.some((pattern) => pattern.test(problem))),
  };
}
