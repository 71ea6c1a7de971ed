export default {
  title: "Saved messages",
  tab: "Saved",
  inboxTab: "Notifications",
  reminder: "Reminder",
  reminders: "Reminders",
  empty: "Nothing saved",
  emptyHint: "What is saved from a message's menu is found again here.",
  failed: "The list could not be loaded.",
  more: "Show older ones",
  remove: "Remove from saved messages",
  saved: "Saved",
  remindAt: "You will be reminded on {{when}}",
} as const;
