import { legacyVoiceCommand, type LegacyVoiceCommand, type VoiceCommand } from "@miscord/protocol/schemas";
import { commandParser } from "../connection/incoming.ts";
import type { VoiceKind } from "../voice/kind.ts";
import { legacyRateLimit } from "./output.ts";
import { legacyVoiceCodec } from "./voice-codec.ts";

const parseCommand = commandParser(legacyVoiceCommand);

/** `/ws/legacy/voice/{channel_id}`: the version 1 codec for the rooms of `/ws/voice`. */
export const legacyVoiceKind: VoiceKind = {
  path: /^\/ws\/legacy\/voice\/(\d{1,15})\/?$/,
  codec: legacyVoiceCodec,
  sends: ({ type }) => type === "error" || type === "ping" || type === "pong",
  parse: (data, isBinary) => toVoiceCommand(parseCommand(data, isBinary)),
  delaysRefusals: true,
  besideError: (error) => legacyRateLimit(error),
  callIdOf: () => null,
  canForward: () => false,
  canEncrypt: () => false,
  regionTimesOf: () => ({}),
};

function toVoiceCommand(command: LegacyVoiceCommand): VoiceCommand {
  switch (command.type) {
    case "offer":
      return { type: "offer", ref: command.ref, target_id: command.target_id, sdp: command.offer.sdp };
    case "answer":
      return { type: "answer", ref: command.ref, target_id: command.target_id, sdp: command.answer.sdp };
    case "ice_candidate": {
      const { type, ref, target_id, candidate } = command;
      return { type, ref, target_id, ...(candidate ?? { candidate: null }) };
    }
    default:
      return command;
  }
}
