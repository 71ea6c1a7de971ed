/** What the document's title starts with: "(3) " for mentions, "• " for unread channels, else nothing. */
export function useUnreadTitle(): string {
  return "";
}
