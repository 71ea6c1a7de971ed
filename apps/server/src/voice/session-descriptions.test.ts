import { voiceCommand } from "@miscord/protocol/schemas";
import { expect, test } from "vitest";

test.each(["\r", "\0", "\u2028", "\u2029"])("a description with the line end %j is refused", (end) => {
  // As lines of its own this would say that nothing is sent; a browser reads no direction, and sends.
  const sdp = `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=x${end}a=recvonly\r\n`;
  const command = { type: "offer", target_id: 2, sdp };
  expect(voiceCommand.safeParse(command).success).toBe(false);
  expect(voiceCommand.safeParse({ ...command, sdp: sdp.replace(`x${end}`, "x ") }).success).toBe(true);
});
