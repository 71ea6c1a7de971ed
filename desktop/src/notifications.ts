import type { ElectronCalls } from "./electron-calls.ts";

interface Notification {
  tag: string;
  title: string;
  body: string;
  path: string;
}

const most = { shown: 50, tag: 200, title: 200, body: 500, path: 500 };

/** The notifications of the page that is shown, by their tags. */
export class Notifications {
  readonly #notify: ElectronCalls["notify"];
  readonly #onOpen: (path: string) => void;
  readonly #shown = new Map<string, { close(): void }>();

  constructor(notify: ElectronCalls["notify"], onOpen: (path: string) => void) {
    this.#notify = notify;
    this.#onOpen = onOpen;
  }

  /** Passes over what is no notification. */
  show(value: unknown): void {
    const notification = parse(value);
    if (!notification) return;
    const { tag, title, body, path } = notification;
    this.close([tag]);
    this.#shown.set(
      tag,
      this.#notify({ title, body }, () => {
        this.#shown.delete(tag);
        this.#onOpen(path);
      }),
    );
    for (const oldest of [...this.#shown.keys()].slice(0, -most.shown)) this.close([oldest]);
  }

  /** Null closes all. */
  close(tags: unknown): void {
    for (const tag of Array.isArray(tags) ? tags : tags === null ? [...this.#shown.keys()] : []) {
      this.#shown.get(tag as string)?.close();
      this.#shown.delete(tag as string);
    }
  }
}

function parse(value: unknown): Notification | null {
  const { tag, title, body, path } = (value ?? {}) as Partial<Record<keyof Notification, unknown>>;
  if (typeof tag !== "string" || typeof title !== "string" || typeof body !== "string") return null;
  // A path of the instance, never an address.
  if (typeof path !== "string" || !/^\/(?![/\\])/.test(path) || path.length > most.path) return null;
  return { tag: tag.slice(0, most.tag), title: title.slice(0, most.title), body: body.slice(0, most.body), path };
}
