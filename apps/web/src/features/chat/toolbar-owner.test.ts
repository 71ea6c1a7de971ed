import { beforeEach, expect, test } from "vitest";
import { claimToolbar, releaseToolbar, toolbarOwner, useToolbarOwner } from "./toolbar-owner.ts";

const owner = () => toolbarOwner(useToolbarOwner.getState());

beforeEach(() => useToolbarOwner.setState({ held: null, pointed: null, focused: null }));

test("a pointer over one message and the focus in another show one toolbar, that of the latest", () => {
  claimToolbar("focused", 1);
  claimToolbar("pointed", 2);
  expect(owner()).toBe(2);
  claimToolbar("focused", 3);
  expect(owner()).toBe(3);
  claimToolbar("pointed", 2);
  expect(owner()).toBe(2);
  releaseToolbar(2, "pointed");
  expect(owner()).toBe(3);
});

test("while a message's menu is open, a pointer over another message takes nothing over", () => {
  claimToolbar("held", 1);
  claimToolbar("pointed", 2);
  claimToolbar("focused", 3);
  expect(owner()).toBe(1);
  releaseToolbar(1, "held");
  expect(owner()).toBe(3);
});

test("a message that is unmounted leaves no toolbar behind, and takes none from another", () => {
  claimToolbar("pointed", 1);
  claimToolbar("focused", 2);
  releaseToolbar(1);
  expect(owner()).toBe(2);
  releaseToolbar(2);
  expect(owner()).toBeNull();
});
