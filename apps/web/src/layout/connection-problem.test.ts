import type { ConnectionState } from "@miscord/client";
import { expect, test } from "vitest";
import { connectionProblem } from "./connection-problem.ts";

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
] as const)(
  "a connection that is %s while the browser is online: %s has the problem %s",
  (status, isOnline, problem) => {
    expect(connectionProblem(connection(status), isOnline)).toBe(problem);
  },
);
