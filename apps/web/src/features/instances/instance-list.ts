import { stored } from "../../core/stored.ts";

/** Another instance, as its user has noted it in this browser. Nothing is asked of it. */
export interface KnownInstance {
  readonly name: string;
  /** Its origin. */
  readonly address: string;
}

const key = "instances";
export const instanceListLimits = { instances: 50, name: 60, address: 200 } as const;

export function readInstances(): readonly KnownInstance[] {
  try {
    const value: unknown = JSON.parse(stored.get(key) ?? "[]");
    return Array.isArray(value) ? value.filter(isInstance).slice(0, instanceListLimits.instances) : [];
  } catch {
    return [];
  }
}

export function writeInstances(instances: readonly KnownInstance[]): void {
  stored.set(key, JSON.stringify(instances));
}

/** The origin of what was typed, with or without `https://`; null for what is no address of a page. */
export function originOf(typed: string): string | null {
  const text = typed.trim();
  const isWhole = /^[a-z][\w+.-]*:\/\//i.test(text);
  try {
    const { protocol, origin, username, password } = new URL(isWhole ? text : `https://${text}`);
    const isPage = protocol === "https:" || protocol === "http:";
    return isPage && username === "" && password === "" ? origin : null;
  } catch {
    return null;
  }
}

/** The list with the instance, in place of one at the same address. */
export function withInstance(instances: readonly KnownInstance[], added: KnownInstance): readonly KnownInstance[] {
  const others = instances.filter(({ address }) => address !== added.address);
  return [...others, added].slice(-instanceListLimits.instances);
}

/** A stored address is a link: only origins of pages are. */
function isInstance(value: unknown): value is KnownInstance {
  const { name, address } = (value ?? {}) as Partial<Record<keyof KnownInstance, unknown>>;
  return typeof name === "string" && typeof address === "string" && originOf(address) === address;
}
