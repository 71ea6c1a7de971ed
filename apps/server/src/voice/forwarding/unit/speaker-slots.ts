/** Sound above this loudness is taken for a voice; see `loudnessOf`. */
const voice = 77;
/** A speaker who was silent for this long gives up the slot when another speaks. */
const silentMs = 600;
/** By how much a speaker must be louder to take the slot of one who speaks as well. */
const margin = 6;
/** Share of the former loudness that remains with each packet, of which there are fifty a second. */
const inertia = 0.9;

interface Slot {
  userId: number;
  loudness: number;
  voiceAt: number;
  since: number;
}

/**
 * Which participants are forwarded: at most as many as there are slots. Whoever has one keeps it in silence, until another
 * participant speaks and no slot is free; so as long as everybody fits, nothing changes.
 */
export class SpeakerSlots {
  readonly #slots: (Slot | null)[];

  constructor(count: number) {
    this.#slots = Array.from({ length: count }, () => null);
  }

  /** Users by slot; null where nobody has it. */
  get owners(): readonly (number | null)[] {
    return this.#slots.map((slot) => slot?.userId ?? null);
  }

  /** The slot in which to forward a packet of this loudness, and whether it has just been given to the user. */
  take(userId: number, loudness: number, nowMs: number): { index: number; isNew: boolean } | null {
    const known = this.#slots.findIndex((slot) => slot?.userId === userId);
    if (known !== -1) {
      const slot = this.#slots[known]!;
      slot.loudness = Math.max(loudness, slot.loudness * inertia + loudness * (1 - inertia));
      if (loudness >= voice) slot.voiceAt = nowMs;
      return { index: known, isNew: false };
    }
    const index = this.#free() ?? (loudness >= voice ? this.#weakest(loudness, nowMs) : null);
    if (index === null) return null;
    this.#slots[index] = { userId, loudness, voiceAt: loudness >= voice ? nowMs : -Infinity, since: nowMs };
    return { index, isNew: true };
  }

  /** Whether the user had one. */
  release(userId: number): boolean {
    const index = this.#slots.findIndex((slot) => slot?.userId === userId);
    if (index !== -1) this.#slots[index] = null;
    return index !== -1;
  }

  #free(): number | null {
    const index = this.#slots.indexOf(null);
    return index === -1 ? null : index;
  }

  /** The slot that was silent longest; if all speak, that of the quietest, if it is quieter than this one. */
  #weakest(loudness: number, nowMs: number): number | null {
    const slots = this.#slots.map((slot, index) => ({ ...slot!, index }));
    const silent = slots.filter(({ voiceAt }) => voiceAt < nowMs - silentMs);
    if (silent.length > 0) return silent.reduce((one, other) => (other.voiceAt < one.voiceAt ? other : one)).index;
    const settled = slots.filter(({ since }) => since < nowMs - silentMs);
    if (settled.length === 0) return null;
    const quietest = settled.reduce((one, other) => (other.loudness < one.loudness ? other : one));
    return loudness >= quietest.loudness + margin ? quietest.index : null;
  }
}
