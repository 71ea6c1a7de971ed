/** The longest time that this thread works without doing anything else, in milliseconds of processor time. */
export async function longestTurnOf(work: Promise<unknown>): Promise<number> {
  const spent = () => (process.threadCpuUsage().user + process.threadCpuUsage().system) / 1_000;
  const found = { isDone: false, longest: 0 };
  const done = work.finally(() => (found.isDone = true));
  for (let before = spent(); !found.isDone; before = spent()) {
    await new Promise(setImmediate);
    found.longest = Math.max(found.longest, spent() - before);
  }
  await done;
  return found.longest;
}
