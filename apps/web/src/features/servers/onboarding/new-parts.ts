import type { OnboardingAnswer } from "@miscord/protocol";

/** A random id: that of a question or answer which was removed is not met again. */
export function newId(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0]! % 2_147_483_646) + 1;
}

export function newAnswer(): OnboardingAnswer {
  return { id: newId(), text: "", role_ids: [], channel_ids: [] };
}
