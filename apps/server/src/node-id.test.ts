import { expect, test } from "vitest";
import { nodeNameOf } from "./node-id.ts";

test("a node without NODE_NAME is named by its host and its id", () => {
  expect(nodeNameOf({ nodeId: "0a1b2c3d", host: "chat-1.example.org" })).toBe("chat-1.example.org-0a1b2c3d");
  expect(nodeNameOf({ nodeId: "0a1b2c3d", host: "Anna's_Mac\n" })).toBe("Anna-s-Mac--0a1b2c3d");
  expect(nodeNameOf({ nodeId: "0a1b2c3d", host: "主机" })).toBe("node-0a1b2c3d");
});

test("each worker of a machine has a name of its own, with NODE_NAME too", () => {
  expect(nodeNameOf({ nodeId: "0a1b2c3d", host: "chat", workerNumber: 3 })).toBe("chat-0a1b2c3d-3");
  expect(nodeNameOf({ nodeId: "0a1b2c3d", given: "left", workerNumber: 3 })).toBe("left-3");
  expect(nodeNameOf({ nodeId: "0a1b2c3d", given: "left" })).toBe("left");
});

test("the name of a node has at most 60 characters and keeps its end", () => {
  const long = "a".repeat(60);
  for (const parts of [{ given: long, workerNumber: 12 }, { host: long.repeat(3), workerNumber: 12 }, { given: long }])
    expect(nodeNameOf({ nodeId: "0a1b2c3d", ...parts })).toHaveLength(60);
  expect(nodeNameOf({ nodeId: "0a1b2c3d", given: long, workerNumber: 12 })).toMatch(/a-12$/);
});
