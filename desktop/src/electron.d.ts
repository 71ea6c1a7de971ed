/** What the shell uses of Electron, so that the types of the rest need no installed Electron. */
declare module "electron" {
  type App = import("./electron-calls.ts").App;
  type GlobalShortcut = import("./electron-calls.ts").GlobalShortcut;
  type IpcMain = import("./electron-calls.ts").IpcMain;
  type Ipc = import("./bridge.ts").Ipc;

  interface WebContents {
    send(channel: string, ...values: unknown[]): void;
    on(
      event: "will-navigate" | "will-redirect",
      listener: (event: { preventDefault(): void }, url: string) => void,
    ): void;
    on(event: "will-attach-webview", listener: (event: { preventDefault(): void }) => void): void;
    setWindowOpenHandler(handler: (details: { url: string }) => { action: "deny" }): void;
    readonly session: {
      setPermissionRequestHandler(
        handler: (
          contents: unknown,
          permission: string,
          callback: (isGranted: boolean) => void,
          details: { requestingUrl: string },
        ) => void,
      ): void;
      setPermissionCheckHandler(
        handler: (contents: unknown, permission: string, requestingOrigin: string) => boolean,
      ): void;
      setDisplayMediaRequestHandler(
        handler: (request: { securityOrigin: string }, callback: (streams: { video?: unknown }) => void) => void,
        options?: { useSystemPicker: boolean },
      ): void;
    };
  }

  export class BrowserWindow {
    constructor(options: object);
    readonly webContents: WebContents;
    loadURL(url: string): Promise<void>;
    on(event: "close", listener: (event: { preventDefault(): void }) => void): void;
    isMinimized(): boolean;
    restore(): void;
    show(): void;
    focus(): void;
    hide(): void;
    destroy(): void;
  }
  export class Tray {
    constructor(image: unknown);
    setImage(image: unknown): void;
    setToolTip(text: string): void;
    setContextMenu(menu: unknown): void;
    on(event: "click", listener: () => void): void;
  }
  export class Notification {
    constructor(options: { title: string; body: string; silent: boolean });
    on(event: "click", listener: () => void): void;
    show(): void;
    close(): void;
  }
  export const app: App & {
    whenReady(): Promise<void>;
    requestSingleInstanceLock(): boolean;
    getPath(name: "userData"): string;
    getAppPath(): string;
    on(event: "second-instance" | "activate" | "before-quit" | "window-all-closed", listener: () => void): void;
  };
  export const ipcMain: IpcMain;
  export const ipcRenderer: Ipc;
  export const globalShortcut: GlobalShortcut;
  export const contextBridge: { exposeInMainWorld(name: string, value: object): void };
  export const shell: { openExternal(url: string): Promise<void> };
  export const dialog: {
    showMessageBox(options: {
      type: "question";
      message: string;
      buttons: string[];
      defaultId: number;
      cancelId: number;
    }): Promise<{ response: number }>;
  };
  export const desktopCapturer: { getSources(options: { types: string[] }): Promise<unknown[]> };
  export const Menu: { buildFromTemplate(template: object[]): unknown };
  export const nativeImage: { createFromPath(path: string): unknown };
}
