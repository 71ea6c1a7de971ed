const baseMs = 1_000;
const ceilingMs = 30_000;
const eagerAttempts = 10;
const patientMs = 60_000;

/**
 * How long to wait before attempt number `attempt` (from 0) after a loss: uniform between 1 s and twice the range of the
 * time before, up to 30 s; after 10 attempts every 60 s, for ever.
 *
 * The first one may come at once: that spreads a crowd over a second. The later ones keep a floor, because waits near zero
 * would use up the attempts of the unlucky within moments and leave them waiting long after the server is back.
 */
export function backoffMs(attempt: number, random: () => number): number {
  if (attempt >= eagerAttempts) return patientMs;
  if (attempt === 0) return random() * baseMs;
  const rangeMs = Math.min(ceilingMs, baseMs * 2 ** attempt);
  return baseMs + random() * (rangeMs - baseMs);
}
