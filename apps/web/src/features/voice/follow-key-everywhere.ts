import { desktopShell } from "../../core/desktop-shell.ts";
import { followKey } from "./push-to-talk.ts";
import { parseTalkKey } from "./talk-key.ts";

/** Follows the key in the page, and in a desktop shell also while another program has the focus. */
export function followKeyEverywhere(key: string, onChange: (isHeld: boolean) => void): () => void {
  const held = { here: false, elsewhere: false };
  const told = (change: Partial<typeof held>) => {
    Object.assign(held, change);
    onChange(held.here || held.elsewhere);
  };
  const unfollow = followKey(parseTalkKey(key), (here) => told({ here }));
  const shell = desktopShell();
  const unlisten = shell?.onTalk((elsewhere) => told({ elsewhere }));
  // Where the system does not give the key, it still works in the page.
  shell?.setTalkKey(key).catch(() => false);
  return () => {
    unfollow();
    unlisten?.();
    shell?.setTalkKey(null).catch(() => false);
  };
}
