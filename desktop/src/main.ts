import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { app } from "electron";
import { realElectron } from "./real-electron.ts";
import { parseSettings } from "./settings.ts";
import { backgroundFlag, Shell } from "./shell.ts";

// A second start shows the window of the first.
if (app.requestSingleInstanceLock()) await start();
else app.quit();

async function start(): Promise<void> {
  await app.whenReady();
  const file = join(app.getPath("userData"), "shell.json");
  const own = (name: string) => join(app.getAppPath(), name);
  const shell = new Shell({
    electron: realElectron(),
    settings: parseSettings(read(file)),
    save: (settings) => writeFileSync(file, JSON.stringify(settings), { mode: 0o600 }),
    files: {
      list: pathToFileURL(own("pages/instances.html")).href,
      preload: own("dist/preload.cjs"),
      listPreload: own("dist/list-preload.cjs"),
    },
    isAutostart: process.argv.includes(backgroundFlag),
  });
  app.on("second-instance", () => shell.show());
  app.on("activate", () => shell.show());
  app.on("before-quit", () => shell.prepareQuit());
  // The list may be closed: the icon in the tray stays.
  app.on("window-all-closed", () => {});
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
