/** The few calls of Electron that the shell makes, so that tests can stand in for it. */
export interface ElectronCalls {
  readonly app: App;
  readonly ipcMain: IpcMain;
  readonly globalShortcut: GlobalShortcut;
  readonly openExternal: (url: string) => void;
  /** Asks the person in a dialog of the system, which no page can answer. */
  readonly confirm: (question: { message: string; action: string }) => Promise<boolean>;
  readonly createWindow: (options: WindowOptions) => ShellWindow;
  readonly createTray: (onClick: () => void) => ShellTray;
  readonly notify: (notification: { title: string; body: string }, onClick: () => void) => { close(): void };
}

export interface App {
  readonly setLoginItemSettings: (settings: { openAtLogin: boolean; args: string[] }) => void;
  /** For macOS and some Linux desktops. */
  readonly setBadgeCount: (count: number) => void;
  readonly quit: () => void;
}

/** Who sent a message: the address of the frame, which is null once it is gone. */
export interface IpcEvent {
  readonly senderFrame: { readonly url: string } | null;
}

export interface IpcMain {
  readonly on: (channel: string, listener: (event: IpcEvent, ...values: unknown[]) => void) => void;
  readonly handle: (channel: string, listener: (event: IpcEvent, ...values: unknown[]) => unknown) => void;
}

export interface GlobalShortcut {
  /** False when another program has it. */
  readonly register: (accelerator: string, onPress: () => void) => boolean;
  readonly unregister: (accelerator: string) => void;
}

export interface WindowOptions {
  readonly show: boolean;
  readonly webPreferences: {
    readonly preload: string;
    readonly partition: string;
    readonly contextIsolation: true;
    readonly sandbox: true;
    readonly nodeIntegration: false;
    readonly webSecurity: true;
    readonly webviewTag: false;
  };
}

/** What a navigation, a new window or a permission is decided by. */
export interface Guards {
  /** False stops the navigation. */
  readonly mayNavigate: (url: string) => boolean;
  /** No window is ever opened by a page. */
  readonly openedWindow: (url: string) => void;
  readonly mayUse: (permission: string, url: string) => boolean;
  /** Whether a page may be given the whole screen, where the system lets nobody choose what is shown. */
  readonly mayShowScreen: (url: string) => Promise<boolean>;
  /** False keeps the window open, hidden. */
  readonly mayClose: () => boolean;
}

export interface ShellWindow {
  readonly guard: (guards: Guards) => void;
  readonly load: (url: string) => void;
  readonly send: (channel: string, ...values: unknown[]) => void;
  readonly show: () => void;
  readonly hide: () => void;
  readonly destroy: () => void;
}

export type TrayEntry = { label: string; onClick: () => void; checked?: boolean } | "separator";

export interface ShellTray {
  readonly setToolTip: (text: string) => void;
  readonly setUnread: (mentions: number) => void;
  readonly setMenu: (entries: readonly TrayEntry[]) => void;
}
