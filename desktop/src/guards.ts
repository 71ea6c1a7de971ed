import type { ElectronCalls, Guards } from "./electron-calls.ts";

/** Permissions that the web client asks for; all others are refused. Notifications are the shell's own. */
const permitted: readonly string[] = [
  "media",
  "display-capture",
  "clipboard-sanitized-write",
  "fullscreen",
  "speaker-selection",
];

/** The origin of an address of a page; null for anything else, such as files and scripts. */
export function originOf(address: string): string | null {
  try {
    const { protocol, origin, username, password } = new URL(address);
    const isPage = protocol === "https:" || protocol === "http:";
    return isPage && username === "" && password === "" ? origin : null;
  } catch {
    return null;
  }
}

/** The window shows one instance and nothing else. Other pages open in the system's browser, never here. */
export function instanceGuards(
  origin: string,
  { openExternal, confirm, mayClose }: Pick<ElectronCalls, "openExternal" | "confirm"> & { mayClose: () => boolean },
): Guards {
  const openElsewhere = (url: string) => {
    if (originOf(url) !== null) openExternal(url);
  };
  return {
    mayNavigate(url) {
      if (originOf(url) === origin) return true;
      openElsewhere(url);
      return false;
    },
    // Also a page of the instance: one window is enough.
    openedWindow: openElsewhere,
    mayUse: (permission, url) => originOf(url) === origin && permitted.includes(permission),
    mayShowScreen: async (url) =>
      originOf(url) === origin &&
      confirm({ message: `Show your whole screen to the call at ${new URL(origin).host}?`, action: "Show the screen" }),
    mayClose,
  };
}

/** Of the shell's own page, which leads nowhere and needs nothing. */
export function listGuards(page: string): Guards {
  return {
    mayNavigate: (url) => url === page,
    openedWindow() {},
    mayUse: () => false,
    mayShowScreen: () => Promise.resolve(false),
    mayClose: () => true,
  };
}
