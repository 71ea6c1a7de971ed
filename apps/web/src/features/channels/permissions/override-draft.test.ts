import type { ChannelOverride } from "@miscord/protocol";
import { expect, test } from "vitest";
import { changedOverrides, type OverrideDraft, type ThreeState, withDrafts, withState } from "./override-draft.ts";

const [view, send, react] = [1, 2, 4] as const;
const target = { type: "role", target_id: 7 } as const;
const saved = (allow: number, deny: number): ChannelOverride => ({ ...target, allow, deny });

/** The draft of a user who saw this override and set these states one after another. */
function drafted(seen: ChannelOverride, ...states: readonly (readonly [bit: number, state: ThreeState])[]) {
  return states.reduce<OverrideDraft | undefined>(
    (draft, [bit, state]) => withState(seen, draft, { bit, state }),
    undefined,
  )!;
}

test("a permission that somebody else takes while a draft of another one waits stays taken", () => {
  const draft = drafted(saved(view, 0), [send, "deny"]);
  expect(changedOverrides({ overrides: [saved(0, view)] }, [draft])).toEqual([saved(0, view | send)]);
  expect(changedOverrides({ overrides: [] }, [draft])).toEqual([saved(0, send)]);
});

test("a permission that is drafted wins over what somebody else saves for it, and is never allowed and denied", () => {
  expect(changedOverrides({ overrides: [saved(0, view)] }, [drafted(saved(0, 0), [view, "allow"])])).toEqual([
    saved(view, 0),
  ]);
  expect(changedOverrides({ overrides: [saved(view, 0)] }, [drafted(saved(0, view), [view, "inherit"])])).toEqual([
    saved(0, 0),
  ]);
});

test("a permission set back to what is saved is no change, also when that changes afterwards", () => {
  const draft = drafted(saved(view, 0), [view, "deny"], [send, "allow"], [send, "inherit"], [view, "allow"]);
  expect(changedOverrides({ overrides: [saved(view, 0)] }, [draft])).toEqual([]);
  expect(changedOverrides({ overrides: [] }, [draft])).toEqual([]);
});

test("overrides without a draft are shown as they are saved", () => {
  const other = { type: "member", target_id: 7, allow: react, deny: 0 } as const;
  const overrides = [saved(view, 0), other];
  expect(withDrafts({ overrides }, [drafted(saved(view, 0), [send, "allow"])])).toEqual([other, saved(view | send, 0)]);
});
