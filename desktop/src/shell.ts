import { channels } from "./channels.ts";
import type { ElectronCalls, IpcEvent, ShellTray, ShellWindow, TrayEntry, WindowOptions } from "./electron-calls.ts";
import { instanceGuards, listGuards, originOf } from "./guards.ts";
import { Notifications } from "./notifications.ts";
import { instanceOf, withInstance, withoutInstance, type Settings } from "./settings.ts";
import { acceleratorOf, HeldKey } from "./talk-key.ts";

export interface ShellOptions {
  readonly electron: ElectronCalls;
  readonly settings: Settings;
  readonly save: (settings: Settings) => void;
  /** Addresses of the shell's files. */
  readonly files: { readonly list: string; readonly preload: string; readonly listPreload: string };
  /** Started by the system, as `backgroundFlag` says. */
  readonly isAutostart: boolean;
}

export const backgroundFlag = "--background";

/** One window, which shows one instance or the list of them, and an icon in the tray. */
export class Shell {
  readonly #options: ShellOptions;
  readonly #electron: ElectronCalls;
  readonly #tray: ShellTray;
  readonly #notifications: Notifications;
  readonly #held = new HeldKey((isHeld) => this.#window?.send(channels.talk, isHeld));
  #settings: Settings;
  #window: ShellWindow | null = null;
  #accelerator: string | null = null;
  #isQuitting = false;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#electron = options.electron;
    this.#settings = options.settings;
    this.#tray = this.#electron.createTray(() => this.show());
    this.#notifications = new Notifications(this.#electron.notify, (path) => {
      this.show();
      this.#window?.send(channels.open, path);
    });
    this.#listen();
    this.#showCurrent(!(options.isAutostart && this.#settings.startInBackground));
  }

  show(): void {
    this.#window?.show();
  }

  /** From now on the window may close. */
  prepareQuit(): void {
    this.#isQuitting = true;
    this.#takeKey(null);
  }

  #listen(): void {
    const { ipcMain } = this.#electron;
    const fromInstance = (event: IpcEvent) => isFrom(event, this.#settings.current);
    const fromList = ({ senderFrame }: IpcEvent) => senderFrame?.url === this.#options.files.list;
    const on = (channel: string, isAllowed: (event: IpcEvent) => boolean, act: (...values: unknown[]) => void) =>
      ipcMain.on(channel, (event, ...values) => isAllowed(event) && act(...values));
    const handle = (channel: string, isAllowed: (event: IpcEvent) => boolean, act: (...values: unknown[]) => unknown) =>
      ipcMain.handle(channel, (event, ...values) => {
        if (!isAllowed(event)) throw new Error("This page may not do this.");
        return act(...values);
      });
    on(channels.badge, fromInstance, (mentions) => this.#setBadge(mentions));
    on(channels.notify, fromInstance, (notification) => this.#notifications.show(notification));
    on(channels.closeNotifications, fromInstance, (tags) => this.#notifications.close(tags));
    on(channels.openInstances, fromInstance, () => this.#choose(null));
    handle(channels.setTalkKey, fromInstance, (key) => this.#takeKey(key));
    handle(channels.settings, fromInstance, () => this.#told());
    handle(channels.changeSettings, fromInstance, (change) => this.#change(change));
    handle(channels.list, fromList, () => this.#settings.instances);
    handle(channels.add, fromList, (address, name) => this.#add(address, name));
    handle(channels.remove, fromList, (address) => this.#keep(withoutInstance(this.#settings, address)).instances);
    on(channels.choose, fromList, (address) => {
      const known = this.#settings.instances.find((one) => one.address === address);
      if (known) this.#choose(known.address);
    });
  }

  #setBadge(value: unknown): void {
    const mentions = typeof value === "number" && Number.isFinite(value) ? Math.max(0, Math.trunc(value)) : 0;
    this.#electron.app.setBadgeCount(mentions);
    this.#tray.setUnread(mentions);
    this.#tray.setToolTip(mentions > 0 ? `Miscord (${mentions})` : "Miscord");
  }

  /** Resolves with whether the key works while other programs have the focus. */
  #takeKey(key: unknown): boolean {
    const { globalShortcut } = this.#electron;
    if (this.#accelerator !== null) globalShortcut.unregister(this.#accelerator);
    this.#accelerator = null;
    this.#held.stop();
    const wanted = typeof key === "string" ? acceleratorOf(key) : null;
    if (wanted === null || !globalShortcut.register(wanted, () => this.#held.press())) return false;
    this.#accelerator = wanted;
    return true;
  }

  #told() {
    const { autostart, startInBackground } = this.#settings;
    return { autostart, startInBackground };
  }

  #change(change: unknown) {
    const { autostart, startInBackground } = (change ?? {}) as Record<string, unknown>;
    this.#keep({
      ...this.#settings,
      ...(typeof autostart === "boolean" && { autostart }),
      ...(typeof startInBackground === "boolean" && { startInBackground }),
    });
    this.#electron.app.setLoginItemSettings({ openAtLogin: this.#settings.autostart, args: [backgroundFlag] });
    return this.#told();
  }

  /** The list afterwards; null for what is no address. */
  #add(address: unknown, name: unknown) {
    const added = instanceOf(address, name);
    return added ? this.#keep(withInstance(this.#settings, added)).instances : null;
  }

  #keep(settings: Settings): Settings {
    this.#settings = settings;
    this.#options.save(settings);
    this.#fillMenu();
    return settings;
  }

  /** Null shows the list. What the page before has left goes with it. */
  #choose(address: string | null): void {
    this.#keep({ ...this.#settings, current: address });
    this.#takeKey(null);
    this.#notifications.close(null);
    this.#setBadge(0);
    this.#showCurrent(true);
  }

  #showCurrent(isShown: boolean): void {
    const { electron, files } = this.#options;
    const { current } = this.#settings;
    const former = this.#window;
    const window = electron.createWindow(
      current === null
        ? windowOptions(files.listPreload, "list", true)
        : windowOptions(files.preload, current, isShown),
    );
    this.#window = window;
    former?.destroy();
    if (current === null) window.guard(listGuards(files.list));
    else
      window.guard(
        instanceGuards(current, {
          openExternal: electron.openExternal,
          confirm: electron.confirm,
          mayClose: () => this.#mayClose(),
        }),
      );
    window.load(current ?? files.list);
    this.#fillMenu();
  }

  /** Closing the window leaves the shell in the tray. */
  #mayClose(): boolean {
    if (!this.#isQuitting) this.#window?.hide();
    return this.#isQuitting;
  }

  #fillMenu(): void {
    const { instances, current } = this.#settings;
    const entries: TrayEntry[] = instances.map(({ name, address }) => ({
      label: name,
      checked: address === current,
      onClick: () => this.#choose(address),
    }));
    this.#tray.setMenu([
      { label: "Open Miscord", onClick: () => this.show() },
      "separator",
      ...entries,
      { label: "Instances…", onClick: () => this.#choose(null) },
      "separator",
      { label: "Quit", onClick: () => this.#electron.app.quit() },
    ]);
  }
}

/** A partition an instance: cookies, storage and caches of one are never those of another. */
function windowOptions(preload: string, name: string, show: boolean): WindowOptions {
  return {
    show,
    webPreferences: {
      preload,
      partition: `persist:${encodeURIComponent(name)}`,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    },
  };
}

function isFrom({ senderFrame }: IpcEvent, origin: string | null): boolean {
  return origin !== null && senderFrame !== null && originOf(senderFrame.url) === origin;
}
