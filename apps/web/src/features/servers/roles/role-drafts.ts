import { create } from "zustand";
import { forgetWithUser } from "../../../core/forget-with-user.ts";
import type { RoleDraft } from "./role-draft.ts";

/** Unsaved changes by role id. They stay while the dialog shows something else, or is closed. */
const useDrafts = create<Record<number, RoleDraft>>(() => ({}));

forgetWithUser(() => useDrafts.setState({}, true));

export function useRoleDraft(roleId: number): RoleDraft {
  return useDrafts((drafts) => drafts[roleId]) ?? noChanges;
}

const noChanges: RoleDraft = {};

export function changeRoleDraft(roleId: number, change: RoleDraft): void {
  useDrafts.setState((drafts) => ({ [roleId]: { ...drafts[roleId], ...change } }));
}

export function discardRoleDraft(roleId: number): void {
  useDrafts.setState(
    (drafts) => Object.fromEntries(Object.entries(drafts).filter(([id]) => Number(id) !== roleId)),
    true,
  );
}
