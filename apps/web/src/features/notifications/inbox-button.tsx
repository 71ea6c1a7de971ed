/** Sits in the channel's header; opens the inbox. */
export function InboxButton() {
  return null;
}
