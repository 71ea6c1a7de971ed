import type { Participant } from "../participant.ts";
import type { Room, RoomObserver } from "../room.ts";
import type { VoiceDirectory } from "./voice-directory.ts";

/** Passes the changes of rooms on to the directory first: other nodes learn of a change before clients do. */
export function observeRooms(directory: VoiceDirectory, observer: RoomObserver): RoomObserver {
  const update = ({ channel }: Room, participant: Participant) => directory.update(channel, participant);
  return {
    joined: (room, participant) => {
      directory.enter(room.channel, participant);
      observer.joined(room, participant);
    },
    left: (room, participant) => {
      directory.leave(room.channel.id, participant.user.id);
      observer.left(room, participant);
    },
    statusChanged: (room, participant) => {
      update(room, participant);
      observer.statusChanged(room, participant);
    },
    sharingChanged: (room, participant) => {
      update(room, participant);
      observer.sharingChanged(room, participant);
    },
    speakingChanged: (room) => observer.speakingChanged(room),
  };
}
