import { channels } from "./channels.ts";

/** Of `ipcRenderer`. */
export interface Ipc {
  send(channel: string, ...values: unknown[]): void;
  invoke(channel: string, ...values: unknown[]): Promise<unknown>;
  on(channel: string, listener: (event: unknown, ...values: unknown[]) => void): void;
  removeListener(channel: string, listener: (event: unknown, ...values: unknown[]) => void): void;
}

/** `window.miscordShell`: the web client's `core/desktop-shell.ts` says what each function is for. */
export function createBridge(ipc: Ipc) {
  const listen = (channel: string, listener: (value: never) => void) => {
    // The event would hand `ipcRenderer` to the page.
    const received = (_event: unknown, value: unknown) => listener(value as never);
    ipc.on(channel, received);
    return () => ipc.removeListener(channel, received);
  };
  return {
    version: 1,
    setBadge: (mentions: number) => ipc.send(channels.badge, mentions),
    notify: (notification: unknown) => ipc.send(channels.notify, notification),
    closeNotifications: (tags: readonly string[] | null) => ipc.send(channels.closeNotifications, tags),
    onOpen: (listener: (path: string) => void) => listen(channels.open, listener),
    setTalkKey: (key: string | null) => ipc.invoke(channels.setTalkKey, key),
    onTalk: (listener: (isHeld: boolean) => void) => listen(channels.talk, listener),
    settings: () => ipc.invoke(channels.settings),
    changeSettings: (change: unknown) => ipc.invoke(channels.changeSettings, change),
    openInstances: () => ipc.send(channels.openInstances),
  };
}

/** Of the shell's own list of instances. */
export function createListBridge(ipc: Ipc) {
  return {
    instances: () => ipc.invoke(channels.list),
    add: (address: string, name: string) => ipc.invoke(channels.add, address, name),
    remove: (address: string) => ipc.invoke(channels.remove, address),
    choose: (address: string) => ipc.send(channels.choose, address),
  };
}
