import { once } from "node:events";
import { Worker } from "node:worker_threads";

const script = new URL("./bcrypt-worker.ts", import.meta.url);
/** Costs above 14 take many seconds of JavaScript for each guess. */
const format = /^\$2[aby]\$(?:0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/;

export const isBcryptHash = (text: string) => format.test(text);

/** Whether the password has this hash. Works in a thread of its own, which ends with the answer. */
export async function verifyBcrypt(password: string, hash: string): Promise<boolean> {
  const worker = new Worker(script, { workerData: { password, hash }, name: "bcrypt-worker" });
  try {
    const [isRight] = (await once(worker, "message")) as [boolean];
    return isRight;
  } finally {
    await worker.terminate();
  }
}
