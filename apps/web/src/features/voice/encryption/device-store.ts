import type { DeviceKey } from "@miscord/client";

const databaseName = "miscord-calls";
/** Keys: `device:<user id>` for the own key, `verified:<own user id>:<user id>` for fingerprints of others' devices. */
const storeName = "keys";

/** For as long as the page lasts, where nothing can be stored. */
const unstored = new Map<number, DeviceKey>();

/** The key by which others know this device, of its own for each user. */
export async function storedDeviceKey(userId: number, create: () => Promise<DeviceKey>): Promise<DeviceKey> {
  const name = `device:${userId}`;
  const stored = await read<DeviceKey>(name).catch(() => undefined);
  if (stored) return stored;
  const made = unstored.get(userId) ?? (await create());
  unstored.set(userId, made);
  await write(name, made).catch(() => {});
  return made;
}

/** The devices of the user whose code this user has compared, by their fingerprints. */
export async function verifiedDevices(ownId: number, userId: number): Promise<readonly string[]> {
  return (await read<string[]>(`verified:${ownId}:${userId}`).catch(() => undefined)) ?? [];
}

export async function setVerified(ownId: number, userId: number, fingerprints: readonly string[]): Promise<void> {
  await write(`verified:${ownId}:${userId}`, fingerprints);
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore(storeName));
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("The database cannot be opened.")));
    request.addEventListener("blocked", () => reject(new Error("The database is in use.")));
  });
}

async function run<Result>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<Result>) {
  const database = await open();
  try {
    return await new Promise<Result>((resolve, reject) => {
      const request = act(database.transaction(storeName, mode).objectStore(storeName));
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error ?? new Error("The database does not answer.")));
    });
  } finally {
    database.close();
  }
}

function read<Value>(name: string): Promise<Value | undefined> {
  return run("readonly", (store) => store.get(name) as IDBRequest<Value | undefined>);
}

async function write(name: string, value: unknown): Promise<void> {
  await run("readwrite", (store) => store.put(value, name));
}
