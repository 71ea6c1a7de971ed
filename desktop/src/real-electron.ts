import { join } from "node:path";
import {
  app,
  BrowserWindow,
  desktopCapturer,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  nativeImage,
  Notification,
  shell,
  Tray,
} from "electron";
import type { ElectronCalls, Guards, ShellWindow, WindowOptions } from "./electron-calls.ts";

/** The calls as Electron makes them. */
export function realElectron(): ElectronCalls {
  return {
    app,
    ipcMain,
    globalShortcut,
    openExternal: (url) => void shell.openExternal(url),
    async confirm({ message, action }) {
      const buttons = [action, "Cancel"];
      const { response } = await dialog.showMessageBox({
        type: "question",
        message,
        buttons,
        defaultId: 1,
        cancelId: 1,
      });
      return response === 0;
    },
    createWindow: openWindow,
    createTray(onClick) {
      const image = (name: string) => nativeImage.createFromPath(join(app.getAppPath(), "pages", name));
      const tray = new Tray(image("tray.png"));
      tray.on("click", onClick);
      return {
        setToolTip: (text) => tray.setToolTip(text),
        setUnread: (mentions) => tray.setImage(image(mentions > 0 ? "tray-unread.png" : "tray.png")),
        setMenu: (entries) =>
          tray.setContextMenu(
            Menu.buildFromTemplate(
              entries.map((entry) =>
                entry === "separator"
                  ? { type: "separator" }
                  : {
                      label: entry.label,
                      click: entry.onClick,
                      ...(entry.checked !== undefined && { type: "radio", checked: entry.checked }),
                    },
              ),
            ),
          ),
      };
    },
    notify({ title, body }, onClick) {
      // Silent: the page plays the sound, and one switch must turn it off.
      const notification = new Notification({ title, body, silent: true });
      notification.on("click", onClick);
      notification.show();
      return notification;
    },
  };
}

function openWindow(options: WindowOptions): ShellWindow {
  const window = new BrowserWindow({ width: 1_280, height: 800, autoHideMenuBar: true, ...options });
  return {
    guard: (guards) => guard(window, guards),
    load: (url) => void window.loadURL(url).catch(() => {}),
    send: (channel, ...values) => window.webContents.send(channel, ...values),
    show() {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    hide: () => window.hide(),
    destroy: () => window.destroy(),
  };
}

function guard(window: BrowserWindow, { mayNavigate, openedWindow, mayUse, mayShowScreen, mayClose }: Guards): void {
  const { webContents } = window;
  for (const event of ["will-navigate", "will-redirect"] as const) {
    webContents.on(event, (navigation, url) => {
      if (!mayNavigate(url)) navigation.preventDefault();
    });
  }
  webContents.on("will-attach-webview", (event) => event.preventDefault());
  webContents.setWindowOpenHandler(({ url }) => {
    openedWindow(url);
    return { action: "deny" };
  });
  const { session } = webContents;
  session.setPermissionRequestHandler((_contents, permission, callback, { requestingUrl }) =>
    callback(mayUse(permission, requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => mayUse(permission, origin));
  // Where the system has a picker of its own, it is used; elsewhere the person is asked about the first screen.
  session.setDisplayMediaRequestHandler(
    ({ securityOrigin }, answer) => void showFirstScreen(mayShowScreen(securityOrigin), answer),
    { useSystemPicker: true },
  );
  window.on("close", (event) => {
    if (!mayClose()) event.preventDefault();
  });
}

async function showFirstScreen(
  isAllowed: Promise<boolean>,
  answer: (streams: { video?: unknown }) => void,
): Promise<void> {
  if (!(await isAllowed.catch(() => false))) return answer({});
  const [screen] = await desktopCapturer.getSources({ types: ["screen"] }).catch(() => []);
  answer(screen ? { video: screen } : {});
}
