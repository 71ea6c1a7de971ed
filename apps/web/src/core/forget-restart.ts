/** The app shows: public/start.js may load the page again when its code fails another time. */
export function forgetRestart(): void {
  try {
    sessionStorage.removeItem("miscord.restarted");
  } catch {
    // Without storage there is no mark.
  }
}
