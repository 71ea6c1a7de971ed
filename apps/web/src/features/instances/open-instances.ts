import { desktopShell } from "../../core/desktop-shell.ts";
import { openDialog } from "../../core/dialog-store.ts";

/** In a desktop shell the list is the shell's own, so that no instance learns of the others. */
export function openInstances(): void {
  const shell = desktopShell();
  if (shell) shell.openInstances();
  else openDialog({ kind: "instances" });
}
