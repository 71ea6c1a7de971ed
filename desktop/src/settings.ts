import { originOf } from "./guards.ts";

export interface Instance {
  readonly name: string;
  readonly address: string;
}

/** Everything that the shell keeps, in one file of its own. */
export interface Settings {
  readonly autostart: boolean;
  readonly startInBackground: boolean;
  readonly instances: readonly Instance[];
  /** Address of the instance that is shown; null: the list is. */
  readonly current: string | null;
}

export const defaults: Settings = { autostart: false, startInBackground: false, instances: [], current: null };
const most = { instances: 50, name: 60 };

/** A file that is missing, broken or of another version counts as far as it can be read. */
export function parseSettings(text: string | null): Settings {
  let value: unknown = null;
  try {
    value = JSON.parse(text ?? "null");
  } catch {
    // As if there were none.
  }
  const { autostart, startInBackground, instances, current } = (value ?? {}) as Partial<
    Record<keyof Settings, unknown>
  >;
  const known = Array.isArray(instances) ? instances.flatMap(asInstance).slice(0, most.instances) : [];
  return {
    autostart: autostart === true,
    startInBackground: startInBackground === true,
    instances: known,
    current: known.find(({ address }) => address === current)?.address ?? null,
  };
}

/** Undefined for what is no address of an instance. */
export function instanceOf(address: unknown, name: unknown): Instance | undefined {
  if (typeof address !== "string" || address.length > 500) return undefined;
  const text = address.trim();
  const origin = originOf(/^[a-z][\w+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (origin === null) return undefined;
  const given = typeof name === "string" ? name.trim().slice(0, most.name) : "";
  return { address: origin, name: given || new URL(origin).host };
}

export function withInstance(settings: Settings, added: Instance): Settings {
  const others = settings.instances.filter(({ address }) => address !== added.address);
  return { ...settings, instances: [...others, added].slice(-most.instances) };
}

export function withoutInstance(settings: Settings, address: unknown): Settings {
  const instances = settings.instances.filter((one) => one.address !== address);
  return { ...settings, instances, current: settings.current === address ? null : settings.current };
}

function asInstance(value: unknown): Instance[] {
  const { address, name } = (value ?? {}) as { address?: unknown; name?: unknown };
  const found = instanceOf(address, name);
  return found ? [found] : [];
}
