import type { ClientState } from "@miscord/client";
import { use, useEffect, useMemo } from "react";
import { useClientState } from "../core/client.ts";
import { type AppDialog, closeDialog, useDialogStore } from "../core/dialog-store.ts";
import { FailedDialog } from "../core/failed-part.tsx";
import { LazyPart } from "../core/lazy-part.tsx";
import type { LoadedDialog } from "./opened-dialog.tsx";
import { FocusHolder } from "../ui/focus-holder.tsx";

/** Loaded with the first dialog, and again when that failed. */
let loading: Promise<typeof import("./opened-dialog.tsx")> | null = null;

function load(): Promise<typeof import("./opened-dialog.tsx")> {
  loading ??= import("./opened-dialog.tsx").catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

export function DialogHost() {
  const dialog = useDialogStore((state) => state.dialog);
  const isGone = useClientState((state) => dialog !== null && !hasSubject(state, dialog));
  useEffect(() => {
    if (isGone) closeDialog();
  }, [isGone]);
  // After a logout the next user must not see the former user's dialog.
  useEffect(() => closeDialog, []);
  const kind = dialog?.kind;
  const parts = useMemo(() => (kind && kind !== "failed-part" ? load() : null), [kind]);
  if (!dialog || isGone) return null;
  if (!parts || dialog.kind === "failed-part") return <FailedDialog onClose={closeDialog} />;
  return (
    <LazyPart
      key={dialog.kind}
      loading={<FocusHolder onCancel={closeDialog} />}
      failed={<FailedDialog onClose={closeDialog} />}
    >
      <Opened parts={parts} dialog={dialog} />
    </LazyPart>
  );
}

/** False when the server or channel of an open dialog was deleted or the user lost access to it. */
function hasSubject({ servers, channels }: ClientState, dialog: AppDialog): boolean {
  if ("serverId" in dialog) return dialog.serverId in servers;
  return "channelId" in dialog ? dialog.channelId in channels : true;
}

function Opened({ parts, dialog }: { parts: ReturnType<typeof load>; dialog: LoadedDialog }) {
  const { OpenedDialog } = use(parts);
  return <OpenedDialog dialog={dialog} />;
}
