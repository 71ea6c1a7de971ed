import type { ElectronCalls, Guards, IpcEvent, ShellWindow, TrayEntry, WindowOptions } from "../electron-calls.ts";

/** A window that remembers what became of it. */
export interface FakeWindow extends ShellWindow {
  readonly options: WindowOptions;
  readonly sent: unknown[][];
  guards: Guards | null;
  url: string | null;
  isShown: boolean;
  isDestroyed: boolean;
}

/** Stands in for Electron; a test is both the system and the page. */
export class FakeElectron implements ElectronCalls {
  readonly windows: FakeWindow[] = [];
  readonly openedOutside: string[] = [];
  readonly notifications: { title: string; body: string; click: () => void; isClosed: boolean }[] = [];
  readonly shortcuts = new Map<string, () => void>();
  /** Accelerators that other programs have. */
  readonly taken = new Set<string>();
  menu: readonly TrayEntry[] = [];
  toolTip = "";
  unread = 0;
  badge = 0;
  loginItem: { openAtLogin: boolean; args: string[] } | null = null;
  hasQuit = false;
  clickTray: () => void = () => {};
  readonly #listeners = new Map<string, (event: IpcEvent, ...values: unknown[]) => unknown>();

  readonly app = {
    setLoginItemSettings: (settings: { openAtLogin: boolean; args: string[] }) => void (this.loginItem = settings),
    setBadgeCount: (count: number) => void (this.badge = count),
    quit: () => void (this.hasQuit = true),
  };
  readonly ipcMain = {
    on: (channel: string, listener: (event: IpcEvent, ...values: unknown[]) => void) =>
      void this.#listeners.set(channel, listener),
    handle: (channel: string, listener: (event: IpcEvent, ...values: unknown[]) => unknown) =>
      void this.#listeners.set(channel, listener),
  };
  readonly globalShortcut = {
    register: (accelerator: string, onPress: () => void) => {
      if (this.taken.has(accelerator)) return false;
      this.shortcuts.set(accelerator, onPress);
      return true;
    },
    unregister: (accelerator: string) => void this.shortcuts.delete(accelerator),
  };

  /** What the person was asked, and what they answer. */
  readonly asked: string[] = [];
  answer = false;

  confirm = ({ message }: { message: string }) => {
    this.asked.push(message);
    return Promise.resolve(this.answer);
  };
  openExternal = (url: string) => void this.openedOutside.push(url);

  createWindow = (options: WindowOptions): FakeWindow => {
    const window: FakeWindow = {
      options,
      sent: [],
      guards: null,
      url: null,
      isShown: options.show,
      isDestroyed: false,
      guard: (guards) => void (window.guards = guards),
      load: (url) => void (window.url = url),
      send: (...message) => void window.sent.push(message),
      show: () => void (window.isShown = true),
      hide: () => void (window.isShown = false),
      destroy: () => void (window.isDestroyed = true),
    };
    this.windows.push(window);
    return window;
  };

  createTray = (onClick: () => void) => {
    this.clickTray = onClick;
    return {
      setToolTip: (text: string) => void (this.toolTip = text),
      setUnread: (mentions: number) => void (this.unread = mentions),
      setMenu: (entries: readonly TrayEntry[]) => void (this.menu = entries),
    };
  };

  notify = (texts: { title: string; body: string }, click: () => void) => {
    const notification = { ...texts, click, isClosed: false };
    this.notifications.push(notification);
    return { close: () => void (notification.isClosed = true) };
  };

  /** The window that was opened last. */
  get window(): FakeWindow {
    return this.windows.at(-1)!;
  }

  /** A message of the page at the address; null: of a frame that is gone. Answers what the shell answers. */
  message(url: string | null, channel: string, ...values: unknown[]): unknown {
    const listener = this.#listeners.get(channel);
    if (!listener) throw new Error(`Nobody listens to ${channel}.`);
    return listener({ senderFrame: url === null ? null : { url } }, ...values);
  }

  choose(label: string): void {
    const entry = this.menu.find((one) => one !== "separator" && one.label === label);
    if (entry === undefined || entry === "separator") throw new Error(`The menu has no ${label}.`);
    entry.onClick();
  }
}
