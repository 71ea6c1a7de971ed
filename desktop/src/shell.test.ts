import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createBridge, type Ipc } from "./bridge.ts";
import { channels } from "./channels.ts";
import { defaults, parseSettings, type Settings } from "./settings.ts";
import { Shell } from "./shell.ts";
import { acceleratorOf, HeldKey } from "./talk-key.ts";
import { FakeElectron } from "./testing/fake-electron.ts";

const home = "https://chat.example.org";
const club = "https://club.example.org:8443";
const page = `${home}/channels/1/2`;
const files = { list: "file:///app/pages/instances.html", preload: "/preload.cjs", listPreload: "/list.cjs" };
const known: Settings = {
  ...defaults,
  instances: [
    { name: "Home", address: home },
    { name: "Club", address: club },
  ],
  current: home,
};

let electron: FakeElectron;
let saved: Settings | null;

function start(settings: Settings = known, isAutostart = false): Shell {
  electron = new FakeElectron();
  saved = null;
  return new Shell({ electron, settings, save: (next) => (saved = next), files, isAutostart });
}

describe("the window", () => {
  test("shows the instance isolated from Node and from other instances", () => {
    start();
    expect(electron.window.url).toBe(home);
    const { webPreferences } = electron.window.options;
    expect(webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    const { partition } = webPreferences;
    electron.choose("Club");
    expect(electron.window.url).toBe(club);
    expect(electron.window.options.webPreferences.partition).not.toBe(partition);
    expect(electron.windows[0]!.isDestroyed).toBe(true);
    expect(saved?.current).toBe(club);
  });

  test("navigates within the instance only, and opens other pages in the system's browser", () => {
    start();
    const guards = electron.window.guards!;
    expect(guards.mayNavigate(`${home}/dms`)).toBe(true);
    for (const url of [
      "https://chat.example.org.evil.example/",
      "http://chat.example.org/",
      "https://other.example/a",
    ]) {
      expect(guards.mayNavigate(url)).toBe(false);
      expect(electron.openedOutside.pop()).toBe(url);
    }
    for (const url of ["file:///etc/passwd", "javascript:alert(1)", "smb://host/x", "https://a:b@other.example/"]) {
      expect(guards.mayNavigate(url)).toBe(false);
      guards.openedWindow(url);
    }
    expect(electron.openedOutside).toEqual([]);
    guards.openedWindow("https://example.org/article");
    expect(electron.openedOutside).toEqual(["https://example.org/article"]);
  });

  test("the screen is shown only to the instance, and when the person says so each time", async () => {
    start();
    const { mayShowScreen } = electron.window.guards!;
    expect(await mayShowScreen("https://other.example/")).toBe(false);
    expect(electron.asked).toEqual([]);
    expect(await mayShowScreen(`${home}/`)).toBe(false);
    electron.answer = true;
    expect(await mayShowScreen(home)).toBe(true);
    expect(electron.asked).toHaveLength(2);
    expect(electron.asked[0]).toContain("chat.example.org");
  });

  test("grants what calls and copying need, to the instance only", () => {
    start();
    const { mayUse } = electron.window.guards!;
    for (const permission of ["media", "display-capture", "clipboard-sanitized-write", "fullscreen"])
      expect(mayUse(permission, page)).toBe(true);
    for (const permission of ["geolocation", "midi", "usb", "openExternal", "notifications", "clipboard-read"])
      expect(mayUse(permission, page)).toBe(false);
    expect(mayUse("media", "https://other.example/")).toBe(false);
  });

  test("is hidden instead of closed, until the shell quits", () => {
    const shell = start();
    expect(electron.window.guards!.mayClose()).toBe(false);
    expect(electron.window.isShown).toBe(false);
    electron.clickTray();
    expect(electron.window.isShown).toBe(true);
    electron.choose("Quit");
    expect(electron.hasQuit).toBe(true);
    shell.prepareQuit();
    expect(electron.window.guards!.mayClose()).toBe(true);
  });

  test("stays away when the system starts the shell in the background, and only then", () => {
    const inBackground = { ...known, autostart: true, startInBackground: true };
    start(inBackground, true);
    expect(electron.window.isShown).toBe(false);
    start(inBackground, false);
    expect(electron.window.isShown).toBe(true);
    start({ ...inBackground, startInBackground: false }, true);
    expect(electron.window.isShown).toBe(true);
  });
});

describe("messages of a page", () => {
  test("are heard from the instance that is shown, and from nobody else", () => {
    start();
    electron.message(page, channels.badge, 3);
    expect([electron.badge, electron.unread, electron.toolTip]).toEqual([3, 3, "Miscord (3)"]);
    for (const url of [club, "https://evil.example/", "about:blank", files.list, null]) {
      electron.message(url, channels.badge, 9);
      electron.message(url, channels.openInstances);
      expect(() => electron.message(url, channels.setTalkKey, "F8")).toThrow("may not");
      expect(() => electron.message(url, channels.settings)).toThrow("may not");
    }
    expect([electron.badge, electron.windows.length]).toEqual([3, 1]);
    for (const channel of [channels.list, channels.add, channels.remove])
      expect(() => electron.message(page, channel, home)).toThrow("may not");
    electron.message(page, channels.choose, club);
    expect(electron.window.url).toBe(home);
  });

  test("that hold nonsense do nothing", () => {
    start();
    for (const value of ["7", Number.NaN, -4, null, {}]) electron.message(page, channels.badge, value);
    expect(electron.badge).toBe(0);
    for (const value of [null, "x", { tag: 1 }, { tag: "t", title: "x", body: "y", path: "https://evil.example" }])
      electron.message(page, channels.notify, value);
    electron.message(page, channels.notify, { tag: "t", title: "x", body: "y", path: "//evil.example" });
    expect(electron.notifications).toEqual([]);
    electron.message(page, channels.changeSettings, { autostart: "yes", instances: [] });
    expect(saved).toMatchObject({ autostart: false, instances: known.instances });
  });

  test("show a notification, which opens its path in front when it is clicked", () => {
    start();
    const one = { tag: "channel-2", title: "Ann", body: "hello", path: "/channels/1/2/7" };
    electron.message(page, channels.notify, one);
    electron.message(page, channels.notify, { ...one, body: "again" });
    electron.message(page, channels.notify, { ...one, tag: "channel-3" });
    expect(electron.notifications.map(({ isClosed }) => isClosed)).toEqual([true, false, false]);
    electron.window.hide();
    electron.notifications[1]!.click();
    expect(electron.window.isShown).toBe(true);
    expect(electron.window.sent).toEqual([[channels.open, "/channels/1/2/7"]]);
    electron.message(page, channels.closeNotifications, ["channel-3", "unknown"]);
    expect(electron.notifications[2]!.isClosed).toBe(true);
  });

  test("change how the shell starts", () => {
    start();
    const change = { autostart: true, startInBackground: true };
    expect(electron.message(page, channels.changeSettings, change)).toEqual(change);
    expect(electron.loginItem).toEqual({ openAtLogin: true, args: ["--background"] });
    expect(electron.message(page, channels.settings)).toEqual(change);
    expect(saved).toMatchObject(change);
  });
});

describe("the list of instances", () => {
  const list = files.list;

  test("is shown first, opens what is chosen, and keeps what a page has left away from the next", () => {
    start(defaults);
    expect(electron.window.url).toBe(list);
    expect(electron.window.guards!.mayNavigate(home)).toBe(false);
    expect(electron.window.guards!.mayUse("media", list)).toBe(false);
    expect(electron.message(list, channels.add, "javascript:alert(1)", "")).toBeNull();
    expect(electron.message(list, channels.add, "chat.example.org/x", " ")).toEqual([
      { name: "chat.example.org", address: home },
    ]);
    electron.message(list, channels.choose, "https://never.added.example");
    expect(electron.windows).toHaveLength(1);
    electron.message(list, channels.choose, home);
    expect(electron.window.url).toBe(home);
    electron.message(page, channels.badge, 2);
    electron.message(page, channels.setTalkKey, "F8");
    electron.message(page, channels.notify, { tag: "t", title: "x", body: "y", path: "/" });
    electron.message(page, channels.openInstances);
    expect(electron.window.url).toBe(list);
    expect([electron.badge, electron.shortcuts.size, electron.notifications[0]!.isClosed]).toEqual([0, 0, true]);
    expect(electron.message(list, channels.remove, home)).toEqual([]);
  });

  test("survives in the settings' file, of which whatever cannot be read is left out", () => {
    expect(parseSettings(JSON.stringify(known))).toEqual(known);
    for (const text of [null, "", "{", "[]", "7", '{"instances":7}']) expect(parseSettings(text)).toEqual(defaults);
    const odd = { autostart: "yes", instances: [{ address: "file:///etc" }, null, known.instances[0]], current: club };
    expect(parseSettings(JSON.stringify(odd))).toEqual({ ...defaults, instances: [known.instances[0]] });
  });
});

describe("the key to talk", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("is a global shortcut where it can be one", () => {
    expect(acceleratorOf("Control+Shift+KeyV")).toBe("Control+Shift+V");
    expect(acceleratorOf("Meta+Digit1")).toBe("Super+1");
    expect(acceleratorOf("F8")).toBe("F8");
    expect(acceleratorOf("Alt+Space")).toBe("Alt+Space");
    for (const key of [
      "KeyV",
      "Shift+KeyV",
      "Space",
      "Home",
      "Numpad5",
      "ControlLeft",
      "Mouse4",
      "Backquote",
      "",
      "Hyper+F1",
    ])
      expect(acceleratorOf(key)).toBeNull();
  });

  test("is held while the system repeats its presses, and released when they stop", () => {
    const told: boolean[] = [];
    const key = new HeldKey((isHeld) => told.push(isHeld));
    key.press();
    vi.advanceTimersByTime(500);
    for (let count = 0; count < 10; count += 1) {
      key.press();
      vi.advanceTimersByTime(40);
    }
    expect(told).toEqual([true]);
    vi.advanceTimersByTime(150);
    expect(told).toEqual([true, false]);
    key.stop();
    expect(told).toEqual([true, false]);
  });

  test("tells the page, is one at a time, and is given back", () => {
    const shell = start();
    electron.taken.add("F9");
    expect(electron.message(page, channels.setTalkKey, "F9")).toBe(false);
    expect(electron.message(page, channels.setTalkKey, "F8")).toBe(true);
    electron.shortcuts.get("F8")!();
    expect(electron.window.sent).toEqual([[channels.talk, true]]);
    expect(electron.message(page, channels.setTalkKey, "F7")).toBe(true);
    expect([...electron.shortcuts.keys()]).toEqual(["F7"]);
    expect(electron.window.sent.at(-1)).toEqual([channels.talk, false]);
    shell.prepareQuit();
    expect(electron.shortcuts.size).toBe(0);
  });
});

test("the bridge hands no event of Electron to the page, and stops listening when asked to", () => {
  const listeners = new Map<string, (event: unknown, ...values: unknown[]) => void>();
  const ipc: Ipc = {
    send() {},
    invoke: () => Promise.resolve(null),
    on: (channel, listener) => void listeners.set(channel, listener),
    removeListener: (channel) => void listeners.delete(channel),
  };
  const heard: unknown[][] = [];
  const stop = createBridge(ipc).onTalk((...values) => heard.push(values));
  listeners.get(channels.talk)!({ sender: "ipcRenderer" }, true);
  expect(heard).toEqual([[true]]);
  stop();
  expect(listeners.size).toBe(0);
});
