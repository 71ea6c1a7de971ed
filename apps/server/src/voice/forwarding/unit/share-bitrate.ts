/**
 * How much each of the pictures that one participant is sent may take of what that participant can receive, all in bits per
 * second: its part by what it takes now, or what the others leave, whichever is more. So a screen that stands still does not
 * keep a camera from growing, and what moves is not starved by what moves as well.
 */
export function shareBitrate(receivable: number, taken: readonly number[]): number[] {
  const sum = taken.reduce((total, one) => total + one, 0);
  return taken.map((one) => Math.max(sum === 0 ? 0 : (receivable * one) / sum, receivable - (sum - one)));
}
