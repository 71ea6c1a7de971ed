const baseMs = 1_000;
const ceilingMs = 30_000;
const eagerAttempts = 10;
const patientMs = 60_000;

/**
 * Milliseconds to wait before attempt number `attempt` (from 0) after a lost connection: up to 1 s for the first, then
 * uniform between 1 s and a limit that doubles up to 30 s; from the tenth on always 60 s.
 *
 * The first wait spreads the clients of a restarted server over a second. Later waits have a minimum: waits near zero
 * would use up the ten attempts of some clients in moments and leave them waiting long after the server is back.
 */
export function backoffMs(attempt: number, random: () => number): number {
  if (attempt >= eagerAttempts) return patientMs;
  if (attempt === 0) return random() * baseMs;
  const rangeMs = Math.min(ceilingMs, baseMs * 2 ** attempt);
  return baseMs + random() * (rangeMs - baseMs);
}
