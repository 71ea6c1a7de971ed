import type { InstanceState } from "@miscord/protocol";
import type { ClientState } from "./types.ts";

export function reduceInstance(
  state: ClientState,
  { announcement, attachment_bytes, ...settings }: InstanceState,
): ClientState {
  const { instance } = state;
  return {
    ...state,
    announcement,
    instance: instance && { ...instance, ...settings, limits: { ...instance.limits, attachment_bytes } },
  };
}
