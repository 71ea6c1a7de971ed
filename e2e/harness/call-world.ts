import type { ServerState } from "@miscord/protocol";
import { afterAll } from "vitest";
import { SoundFiles } from "./audio/sounds.ts";
import { createServerWith } from "./community.ts";
import type { Person, PersonOptions } from "./person.ts";
import { openWorld, type Layout, type World } from "./world.ts";

/** Frequency in Hz at which a caller's microphone beeps. Each has another, so that a test knows who is heard. */
const tones = { Ann: 400, Bob: 900, Cid: 1_700, Dan: 2_600, Eve: 3_700 };
type CallerName = keyof typeof tones;
type Caller = readonly [name: CallerName, options?: PersonOptions];

export interface CallWorld {
  world: World;
  sounds: SoundFiles;
  /** Registers the callers in this order as members of one server, and opens its voice channel in all their browsers. */
  gatherCallers: (...callers: readonly Caller[]) => Promise<{ server: ServerState; people: Person[] }>;
}

/**
 * No STUN: all callers are at this machine, and nothing is asked of the network. `VOICE_MODE=forwarded` runs the same tests
 * through the forwarding process.
 */
const settings = {
  STUN_URLS: "none",
  VOICE_MODE: process.env["VOICE_MODE"] ?? "mesh",
  VOICE_PORT: "0",
  HEARTBEAT_INTERVAL: "2",
  RATE_REQUESTS: "1000/s",
};

/** A world whose people call each other. They arrive in a `beforeAll` and stay until the last test. */
export function openCallWorld(env: () => Record<string, string> = () => ({}), layout?: Layout): CallWorld {
  const world = openWorld({ env: () => ({ ...settings, ...env() }), ...(layout && { layout }) });
  const sounds = new SoundFiles();
  afterAll(() => sounds.remove());
  return {
    world,
    sounds,
    async gatherCallers(...callers) {
      const people = await world.people(
        callers.map(([name, options]) => [name, { microphone: sounds.beeps(tones[name]), ...options }]),
      );
      return { people, server: await createServerWith(people, { name: "Lighthouse", channel: "voice" }) };
    },
  };
}

export function toneOf({ name }: Person): number {
  return tones[name as CallerName];
}
