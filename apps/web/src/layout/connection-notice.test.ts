import type { ConnectionState } from "@miscord/client";
import { expect, test } from "vitest";
import { connectionNotice } from "./connection-notice.ts";

function connection(status: ConnectionState["status"]): ConnectionState {
  return {
    mode: "enhanced",
    status,
    sessionId: null,
    attempt: 0,
    retryAt: null,
    lastClose: null,
    serverVersion: null,
    node: null,
    ready: false,
  };
}

test.each([
  ["online", true, null],
  ["online", false, null],
  ["idle", true, null],
  ["connecting", true, "reconnecting"],
  ["waiting", true, "reconnecting"],
  ["waiting", false, "offline"],
  ["stopped", true, "stopped"],
] as const)("%s with the browser online: %s says %s", (status, isOnline, notice) => {
  expect(connectionNotice(connection(status), isOnline)).toBe(notice);
});
