import { voiceCommand } from "@miscord/protocol/schemas";
import { expect, test } from "vitest";
import { withoutCandidates } from "./forwarding/unit/without-candidates.ts";

const candidate = "a=candidate:1 1 UDP 2122252543 192.168.0.1 53 typ host";

test.each(["\r", "\0", "\u2028", "\u2029"])("a description with the line end %j is refused", (end) => {
  // As lines of its own this would say that nothing is sent; a browser reads no direction, and sends.
  const sdp = `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=x${end}a=recvonly\r\n`;
  const command = { type: "offer", target_id: 2, sdp };
  expect(voiceCommand.safeParse(command).success).toBe(false);
  expect(voiceCommand.safeParse({ ...command, sdp: sdp.replace(`x${end}`, "x ") }).success).toBe(true);
});

test.each([
  ["in the middle", `v=0\r\n${candidate}\r\nm=audio`],
  ["with short line ends", `v=0\n${candidate}\nm=audio`],
  ["at the end of a text that does not end its last line", `v=0\r\nm=audio\r\n${candidate}`],
  ["in capitals", `v=0\r\n${candidate.replace("a=candidate", "a=CANDIDATE")}\r\nm=audio`],
])("no address of a participant reaches the forwarding unit: a candidate %s", (_where, sdp) => {
  expect(withoutCandidates(sdp)).not.toContain("192.168.0.1");
  expect(withoutCandidates(sdp)).toContain("m=audio");
});
