import type { LegacyVoiceParticipant } from "@miscord/protocol";
import { legacyVoiceCommand, voiceEvent } from "@miscord/protocol/schemas";
import { expect, test } from "vitest";
import { encodeVoiceCommand, LegacyVoiceDecoder } from "./voice-codec.ts";

const ann: LegacyVoiceParticipant = {
  user_id: 7,
  username: "ann",
  display_name: "Ann",
  avatar_url: null,
  avatar_color: "#336699",
  is_legacy: false,
  is_muted: false,
  is_deafened: false,
  is_speaking: false,
  is_sharing: false,
};

test.each([
  { type: "offer", target_id: 7, sdp: "v=0", connection_id: "a" },
  { type: "answer", target_id: 7, sdp: "v=0" },
  { type: "ice_candidate", target_id: 7, candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 },
  { type: "ice_candidate", target_id: 7, candidate: null },
  { type: "mute", is_muted: true },
  { type: "speaking", is_speaking: true },
  { type: "screen_share_start" },
] as const)("the command $type is encoded for version 1's voice socket", (command) => {
  const legacy = encodeVoiceCommand(command);
  expect(legacyVoiceCommand.parse(legacy)).toEqual(legacy);
  expect(legacy).not.toHaveProperty("sdp");
});

test("commands unknown to version 1 are not sent", () => {
  const report = { type: "quality_report", rtt_ms: 1, loss: 0, jitter_ms: 0, bitrate: 0 } as const;
  expect(encodeVoiceCommand(report)).toBeNull();
});

test("every event of version 1's voice socket decodes to events of /ws/voice", () => {
  const decoder = new LegacyVoiceDecoder();
  const heard = [
    { type: "participants", participants: [ann], ice_servers: [], ice_transport_policy: "relay" },
    { type: "user_joined_voice", ...ann },
    { type: "user_left_voice", user_id: 7 },
    { type: "offer", from_id: 7, offer: { type: "offer", sdp: "v=0" } },
    { type: "ice_candidate", from_id: 7, candidate: { candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 } },
    { type: "user_speaking", user_id: 7, is_speaking: true },
    { type: "user_muted", user_id: 7, is_muted: true },
    { type: "user_deafened", user_id: 7, is_deafened: false },
  ] as const;
  for (const event of heard) {
    for (const said of decoder.decode(event as never)) expect(voiceEvent.parse(said)).toEqual(said);
  }
});

test("a participant who joins again in legacy mode gets another call id", () => {
  const decoder = new LegacyVoiceDecoder();
  const sessions = [1, 2].map(() => {
    const [event] = decoder.decode({ type: "user_joined_voice", ...ann });
    return event?.type === "user_joined_voice" ? event.session : null;
  });
  expect(new Set(sessions).size).toBe(2);
});
