import { createClient, type Rest } from "@miscord/client";
import type { Credentials, Locale } from "@miscord/protocol";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { desktop } from "./browser.ts";
import { collectProblems, type Problems } from "./problems.ts";
import { wordsOf, type Words } from "./words.ts";

export interface PersonOptions {
  language?: Locale;
  viewport?: { width: number; height: number };
  theme?: "dark" | "light";
  /** Another way to the server than the straight one. */
  url?: string;
  /** Anything else that Playwright can set: permissions, reduced motion, offline. */
  context?: BrowserContextOptions;
}

const regions = { en: "en-GB", ru: "ru-RU" } as const;
const password = "correct horse battery";

/** Someone at a browser of their own. What they do is named after what users do, and done through the interface. */
export class Person {
  readonly name: string;
  readonly username: string;
  readonly email: string;
  readonly password = password;
  readonly url: string;
  readonly context: BrowserContext;
  readonly page: Page;
  /** The interface's words in this person's language. */
  readonly t: Words;
  readonly isOnPhone: boolean;
  readonly problems: Problems;
  #rest: Rest | null = null;

  private constructor(name: string, username: string, url: string, page: Page, options: PersonOptions) {
    this.name = name;
    this.username = username;
    this.email = `${username}@example.org`;
    this.url = url;
    this.page = page;
    this.context = page.context();
    this.t = wordsOf(options.language ?? "en");
    this.isOnPhone = (options.viewport ?? desktop).width < 768;
    this.problems = collectProblems(page);
  }

  static async at(browser: Browser, url: string, name: string, username: string, options: PersonOptions) {
    const viewport = options.viewport ?? desktop;
    const isOnPhone = viewport.width < 768;
    const context = await browser.newContext({
      baseURL: url,
      viewport,
      locale: regions[options.language ?? "en"],
      colorScheme: options.theme ?? "dark",
      hasTouch: isOnPhone,
      isMobile: isOnPhone,
      reducedMotion: "reduce",
      ...options.context,
    });
    context.setDefaultTimeout(60_000);
    return new Person(name, username, url, await context.newPage(), options);
  }

  /** The same person at one more browser, not logged in yet. */
  elsewhere(options: PersonOptions = {}): Promise<Person> {
    const browser = this.context.browser();
    if (!browser) throw new Error("the browser is gone");
    return Person.at(browser, this.url, this.name, this.username, options);
  }

  /** Has an account and a session, as if registered a moment ago. */
  async registerQuickly(): Promise<void> {
    const { name: display_name, username, email, password } = this;
    const answer = await this.context.request.post("/api/auth/register", {
      data: { username, email, password, display_name },
    });
    if (!answer.ok()) throw new Error(`${username} could not register: ${answer.status()} ${await answer.text()}`);
    this.#rest = restOf(this.url, (await answer.json()) as Credentials);
  }

  /** Every HTTP call as this person: for what a story needs but is not about. */
  get rest(): Rest {
    if (!this.#rest) throw new Error(`${this.name} has not registered`);
    return this.#rest;
  }

  async open(path = "/"): Promise<void> {
    await this.page.goto(path);
  }

  button(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole("button", { name, exact: true });
  }

  field(label: string, within: Page | Locator = this.page): Locator {
    return within.getByLabel(label, { exact: true });
  }

  /** The open dialog; a question is one too. */
  dialog(): Locator {
    return this.page.getByRole("dialog").or(this.page.getByRole("alertdialog"));
  }
}

/** The client's own calls, with the token that registering gave; it asks for no other. */
function restOf(url: string, credentials: Credentials): Rest {
  const renewal = `${url}/api/auth/refresh`;
  const answer: typeof fetch = async (input, init) =>
    (input instanceof Request ? input.url : input.toString()) === renewal
      ? Response.json(credentials)
      : fetch(input, init);
  return createClient({ baseUrl: url, locks: null, fetch: answer }).rest;
}
