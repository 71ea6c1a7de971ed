/** What the shell lets its user choose; it keeps the choices itself. */
export interface ShellSettings {
  /** Starts with the system. */
  autostart: boolean;
  /** Starts without a window, in the tray. */
  startInBackground: boolean;
}

/** A notification as the page words it. A click opens the path. */
interface ShellNotification {
  /** Replaces the one that is shown with the same tag. */
  tag: string;
  title: string;
  body: string;
  path: string;
}

/**
 * What a desktop shell puts on `window.miscordShell`, for what browsers keep from pages: docs/desktop-shell.md. Functions that
 * take a listener return one that stops it.
 */
export interface MiscordShell {
  readonly version: 1;
  /** Unread mentions, for the icon in the tray and the dock. */
  setBadge(mentions: number): void;
  notify(notification: ShellNotification): void;
  /** Null closes all. */
  closeNotifications(tags: readonly string[] | null): void;
  /** A notification was clicked: the window is in front already. */
  onOpen(listener: (path: string) => void): () => void;
  /**
   * The key to talk, as text such as `Control+Shift+KeyV`, wherever the focus is; null: none. Resolves with false when the system
   * does not give the key.
   */
  setTalkKey(key: string | null): Promise<boolean>;
  onTalk(listener: (isHeld: boolean) => void): () => void;
  settings(): Promise<ShellSettings>;
  /** Resolves with what holds then. */
  changeSettings(change: Partial<ShellSettings>): Promise<ShellSettings>;
  /** Shows the shell's own list of instances, which no page can read. */
  openInstances(): void;
}

declare global {
  var miscordShell: MiscordShell | undefined;
}

/** Undefined in a browser, and in a shell of another version. */
export function desktopShell(): MiscordShell | undefined {
  const shell = globalThis.miscordShell;
  return shell?.version === 1 ? shell : undefined;
}
