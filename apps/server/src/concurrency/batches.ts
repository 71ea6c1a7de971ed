/** Bounds one statement's parameters. */
const itemsAtOnce = 500;

/**
 * Work that shares a transaction: whatever arrives while one batch is at work makes the next. No timer, so a lone
 * item never waits, and under load batches grow by themselves.
 */
export function createBatches<Item>(work: (items: Item[]) => Promise<void>): (item: Item) => Promise<void> {
  const waiting: { item: Item; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let isWorking = false;

  async function drain(): Promise<void> {
    isWorking = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, itemsAtOnce);
      try {
        await work(batch.map(({ item }) => item));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isWorking = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWorking) void drain();
    });
}
