import { createClient, type Rest } from "@miscord/client";
import type { Credentials, Locale } from "@miscord/protocol";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { openCallBrowser, type CallDevices } from "./audio/call-browser.ts";
import { desktop } from "./browser.ts";
import { collectProblems, type Problems } from "./checks/problems.ts";
import { wordsOf, type Words } from "./words.ts";

/**
 * For tests that answer requests of the page themselves (`page.route`): some of those of a page that a service worker controls
 * pass them by.
 */
export const answeredByTest: PersonOptions = { context: { serviceWorkers: "block" } };

export interface PersonOptions extends CallDevices {
  locale?: Locale;
  viewport?: { width: number; height: number };
  theme?: "dark" | "light";
  /** The server's address for this person; a `FaultyLink` gives another than the server's own. */
  url?: string;
  /** Any other option of a Playwright context: permissions, reduced motion, offline. */
  context?: BrowserContextOptions;
}

/** Where a person's page runs. The browser is shared, and launched only for people who do not need one of their own. */
interface Place {
  browser(): Promise<Browser>;
  url: string;
}

const regions = { en: "en-GB", ru: "ru-RU" } as const;
const password = "correct horse battery";

/**
 * One user at one browser. Methods and the functions in `actions/` are named after what users do, and do it through the
 * interface.
 */
export class Person {
  readonly name: string;
  readonly username: string;
  readonly email: string;
  readonly password = password;
  readonly url: string;
  readonly context: BrowserContext;
  readonly page: Page;
  /** The interface's texts in this person's language. */
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
    this.t = wordsOf(options.locale ?? "en");
    this.isOnPhone = isPhone(options);
    this.problems = collectProblems(page);
  }

  /** A blank page of somebody who has no account yet. */
  static async open(place: Place, name: string, username: string, options: PersonOptions = {}): Promise<Person> {
    const url = options.url ?? place.url;
    const contextOptions = contextOptionsOf(url, options);
    const context = needsOwnBrowser(options)
      ? await openCallBrowser(options, contextOptions)
      : await (await place.browser()).newContext(contextOptions);
    context.setDefaultTimeout(60_000);
    return new Person(name, username, url, context.pages()[0] ?? (await context.newPage()), options);
  }

  /** Creates the account over HTTP and logs the browser in. */
  async registerQuickly(): Promise<void> {
    const { name: display_name, username, email, password } = this;
    const answer = await this.context.request.post("/api/auth/register", {
      data: { username, email, password, display_name },
    });
    if (!answer.ok()) throw new Error(`${username} could not register: ${answer.status()} ${await answer.text()}`);
    this.#rest = restOf(this.url, (await answer.json()) as Credentials);
  }

  /** HTTP calls as this person, for the parts of a test that are not about the interface. */
  get rest(): Rest {
    if (!this.#rest) throw new Error(`${this.name} has not registered`);
    return this.#rest;
  }

  async open(path = "/"): Promise<void> {
    const response = await this.page.goto(path);
    if (response && !response.ok()) throw new Error(`${path} was answered with ${response.status()}`);
  }

  button(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole("button", { name, exact: true });
  }

  field(label: string, within: Page | Locator = this.page): Locator {
    return within.getByLabel(label, { exact: true });
  }

  /** The open dialog or alert dialog. */
  dialog(): Locator {
    return this.page.getByRole("dialog").or(this.page.getByRole("alertdialog"));
  }
}

function isPhone({ viewport = desktop }: PersonOptions): boolean {
  return viewport.width < 768;
}

function needsOwnBrowser({ microphone, screen }: PersonOptions): boolean {
  return microphone !== undefined || screen !== undefined;
}

function contextOptionsOf(url: string, options: PersonOptions): BrowserContextOptions {
  return {
    baseURL: url,
    viewport: options.viewport ?? desktop,
    locale: regions[options.locale ?? "en"],
    colorScheme: options.theme ?? "dark",
    hasTouch: isPhone(options),
    isMobile: isPhone(options),
    reducedMotion: "reduce",
    ...options.context,
  };
}

/** The client's HTTP calls, with the token that registering gave; a renewal answers with the same token. */
function restOf(url: string, credentials: Credentials): Rest {
  const renewal = `${url}/api/auth/refresh`;
  const answer: typeof fetch = async (input, init) =>
    (input instanceof Request ? input.url : input.toString()) === renewal
      ? Response.json(credentials)
      : fetch(input, init);
  return createClient({ baseUrl: url, locks: null, fetch: answer }).rest;
}
