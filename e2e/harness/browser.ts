import { chromium, type Browser } from "playwright-core";

/** Headless, usable by root, and without Chromium's own requests to the internet, which a closed network refuses. */
export const quietFlags = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The features that Playwright disables (a second flag would replace its list), and the address bar's popup pages, which are
 * invisible here and take two thirds of the time to open a window.
 */
const unwanted = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "AimEnabled",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
  "WebUIOmniboxPopup",
];

/** Chromium reads only the last `--disable-features`, so all features stand in one flag. */
export const without = (...features: string[]) => `--disable-features=${[...unwanted, ...features].join(",")}`;

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

export function launchBrowser(args: readonly string[] = [], executablePath = "/usr/bin/chromium"): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...quietFlags, without(), ...args] });
}

let shared: Promise<Browser> | undefined;
const forget = () => void (shared = undefined);

/**
 * One for all test files of a process, which ends with it: a launch takes a second of the processor. Whoever uses it closes
 * their contexts.
 */
export function sharedBrowser(): Promise<Browser> {
  return (shared ??= launchShared());
}

/** After a crash, or a launch that failed, whoever comes next has another one. */
async function launchShared(): Promise<Browser> {
  try {
    return (await launchBrowser()).once("disconnected", forget);
  } catch (error) {
    forget();
    throw error;
  }
}
