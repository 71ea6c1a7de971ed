/**
 * Advisory locks of the database. SQLite has one writer at a time, and the domain's transactions rely on it: they read,
 * decide and write. Here each of them holds `writes` alone, and a batch of the log holds it shared: batches of several
 * nodes run side by side, but none beside a transaction that ends a membership or deletes a channel.
 */
export const lockIds = { writes: 7_302, node: 7_303 } as const;
