import { encodeMlsMessage, getCiphersuiteFromName, getCiphersuiteImpl, type KeyPackage } from "ts-mls";
import { signKeyPackage } from "ts-mls/keyPackage.js";
import { signLeafNodeKeyPackage } from "ts-mls/leafNode.js";
import { afterEach, expect, test } from "vitest";
import { openKeyExchange } from "../../../../../apps/server/src/testing/key-exchange.ts";
import { ManualClock } from "../../../../../apps/server/src/testing/manual-clock.ts";
import { createDeviceKey, createPackage, keysOf } from "./call-group.ts";
import { KeysWorld, type KeysCaller } from "./testing/keys-world.ts";
import { usableOf } from "./usable-packages.ts";

const { signature } = await getCiphersuiteImpl(getCiphersuiteFromName("MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519"));
const device = await createDeviceKey();
const eveIs = { userId: 3, session: "call of eve" };

const clock = new ManualClock();
const world = new KeysWorld(clock, (holders) => openKeyExchange(clock, holders));
afterEach(() => world.close());

/** The package with something else in its leaf, signed as it has to be. */
async function signed(fine: KeyPackage, changes: Partial<KeyPackage["leafNode"]>): Promise<KeyPackage> {
  const leafNode = await signLeafNodeKeyPackage({ ...fine.leafNode, ...changes }, device.signKey, signature);
  return signKeyPackage({ ...fine, leafNode }, device.signKey, signature);
}

const codeOf = ({ encryption }: KeysCaller) => encryption.code;
const namesOf = ({ encryption }: KeysCaller) =>
  encryption.members.map(({ userId }) => userId).toSorted((one, other) => one - other);

test("whoever sends packages with which no group goes on keeps nobody else from the keys, and takes them from nobody", async () => {
  const [ann, bob] = [world.enter(1), world.enter(2)];
  await world.until(() => world.isClosed());
  const eve = world.enter(eveIs.userId, eveIs.session);
  await world.until(() => world.isClosed());
  eve.held = [];
  const wrongs: ((fine: KeyPackage) => Promise<KeyPackage>)[] = [
    async (fine) => ({ ...fine, signature: fine.signature.map((byte) => byte ^ 1) }),
    (fine) => signed(fine, { capabilities: { ...fine.leafNode.capabilities, credentials: [] } }),
    (fine) => signed(fine, { hpkePublicKey: new Uint8Array(32) }),
  ];
  for (const wrong of wrongs) {
    const keyPackage = await wrong((await createPackage(eveIs, device)).publicPackage);
    const bytes = encodeMlsMessage({ version: "mls10", wireformat: "mls_key_package", keyPackage });
    world.receive(eve, { type: "keys_join", key_package: Buffer.from(bytes).toString("base64"), group: null });
    await world.pass(300);
  }
  const cid = world.enter(4);
  const others = [ann, bob, cid];
  await world.until(() => others.every((one) => codeOf(one) === codeOf(ann) && namesOf(one).includes(4)));
  await world.pass(600);
  for (const one of others) {
    expect(namesOf(one)).toEqual([1, 2, 4]);
    for (const other of others) expect(one.cipher.decrypts(other.cipher)).toBe(true);
  }
  // Each of them once, and those of eve.
  expect(world.joins.filter((one) => one.type === "keys_join" && one.group === null)).toHaveLength(
    3 + 1 + wrongs.length,
  );
});

test("of packages with the same key one can be used, and none with a key that is in the group", async () => {
  const [fine, another] = await Promise.all([1, 2].map(async () => (await createPackage(eveIs, device)).publicPackage));
  const { hpkePublicKey } = fine!.leafNode;
  const copy = await signed(another!, { hpkePublicKey });
  const both = [fine!, copy].map((found, userId) => ({ userId, found }));
  expect(await usableOf(both, new Set())).toMatchObject([{ userId: 0 }]);
  expect(await usableOf(both, new Set(keysOf({ hpkePublicKey, signaturePublicKey: new Uint8Array(1) })))).toEqual([]);
});
