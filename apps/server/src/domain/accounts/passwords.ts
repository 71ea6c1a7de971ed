import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { KeyedSemaphore } from "../../concurrency/keyed-semaphore.ts";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { AppError } from "../../errors.ts";
import { isBcryptHash, verifyBcrypt } from "./bcrypt.ts";

/**
 * Hashes passwords with Argon2id. Both calls take the same time and memory, whatever they are given. Hashes of bcrypt, which
 * accounts of version 1 bring with them, are verified too, which takes longer, until their users have logged in once.
 */
export interface Passwords {
  /** `by`: who is logged in and asks. What one user asks for is done one after the other, so that nobody fills the line alone. */
  hash(password: string, by?: number): Promise<string>;
  /** `null` stands for a missing account, and an empty one for no password: resolves with false after the same work. */
  verify(password: string, hash: string | null, by?: number): Promise<boolean>;
}

const ownFormat = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=1\$([^$]+)\$([^$]+)$/;

/** Beyond this a hash that another program made would take each login too much memory or time. */
const mostKib = 65_536;
const mostPasses = 10;

/** Whether passwords can be verified against this text, from wherever it comes. */
export const isPasswordHash = (text: string) => isBcryptHash(text) || isOwnHash(text);

function isOwnHash(text: string): boolean {
  if (!ownFormat.test(text)) return false;
  const { cost, salt, tag } = decode(text);
  const isBounded = cost.memoryKib >= 8 && cost.memoryKib <= mostKib && cost.passes >= 1 && cost.passes <= mostPasses;
  return isBounded && salt.length >= 8 && tag.length === tagLength;
}

/** Whether the password is to be hashed anew once it is known. */
export const isOutdated = (hash: string) => isBcryptHash(hash);

interface Cost {
  memoryKib: number;
  passes: number;
}

/** OWASP's recommended parameters for Argon2id. */
const cost: Cost = { memoryKib: 19_456, passes: 2 };
const tagLength = 32;
/**
 * Each hash occupies a thread of libuv's pool and 19 MiB: two at a time leave threads for files, and a burst of
 * logins queues instead of exhausting memory.
 */
const concurrency = 2;
const maxWaiting = 200;

export function createPasswords(): Passwords {
  const inLine = createLine();
  const unknown = encode(cost, randomBytes(16), randomBytes(tagLength));
  return {
    hash: (password, by) =>
      inLine(by, async () => {
        const salt = randomBytes(16);
        return encode(cost, salt, await derive(password, salt, cost));
      }),
    verify: (password, hash, by) =>
      inLine(by, async () => {
        if (hash !== null && isBcryptHash(hash)) return verifyBcrypt(password, hash);
        const { cost, salt, tag } = decode(hash || unknown);
        return timingSafeEqual(await derive(password, salt, cost), tag) && Boolean(hash);
      }),
  };
}

function derive(password: string, salt: Buffer, { memoryKib, passes }: Cost): Promise<Buffer> {
  const parameters = {
    message: password.normalize("NFKC"),
    nonce: salt,
    parallelism: 1,
    tagLength,
    memory: memoryKib,
    passes,
  };
  return new Promise((resolve, reject) => {
    argon2("argon2id", parameters, (error, tag) => (error ? reject(error) : resolve(tag)));
  });
}

/** The PHC string format, so that the cost can rise without breaking older hashes. */
function encode({ memoryKib, passes }: Cost, salt: Buffer, tag: Buffer): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=1$${unpadded(salt)}$${unpadded(tag)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

function decode(hash: string): { cost: Cost; salt: Buffer; tag: Buffer } {
  const match = ownFormat.exec(hash);
  if (!match) throw new Error("a stored password hash is not in the format that Miscord writes");
  const [, memoryKib, passes, salt, tag] = match;
  return {
    cost: { memoryKib: Number(memoryKib), passes: Number(passes) },
    salt: Buffer.from(salt!, "base64"),
    tag: Buffer.from(tag!, "base64"),
  };
}

/** Runs tasks in order of arrival, a few at once. Refuses when so many wait that the last would wait too long. */
function createLine(): <T>(by: number | undefined, task: () => Promise<T>) => Promise<T> {
  const semaphore = new Semaphore(concurrency);
  const users = new KeyedSemaphore<number>(1);
  const inLine = async <T>(task: () => Promise<T>): Promise<T> => {
    if (semaphore.waitingCount >= maxWaiting) {
      throw new AppError("unavailable", "Too many people are logging in. Try again shortly.", { retryAfterMs: 5_000 });
    }
    return semaphore.run(task);
  };
  return (by, task) => (by === undefined ? inLine(task) : users.run(by, () => inLine(task)));
}
