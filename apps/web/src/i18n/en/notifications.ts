export default {
  title: "Notifications",
  unread_one: "{{count}} unread notification",
  unread_other: "{{count}} unread notifications",
  isUnread: "Unread:",
  read: "Mark as read",
  readAll: "Mark all as read",
  more: "Show older ones",
  empty: "All quiet",
  emptyHint: "Mentions, replies and invites show up here.",
  show: "Show",

  kind: {
    mention: "{{author}} mentioned you in #{{channel}}",
    reply: "{{author}} replied to you in #{{channel}}",
    everyone: "{{author}} notified everyone in #{{channel}}",
    invite: "{{author}} invites you to {{server}}",
  },

  offer: {
    text: "Get notified while you are not looking at Miscord?",
    accept: "Turn on",
    decline: "No, thanks",
  },

  settings: {
    away: "While you are not looking at Miscord",
    awayHint: "Applies to this browser.",
    desktop: "Desktop notifications",
    sound: "Sound",
    denied: "The browser blocks notifications from this site. Allow them in its site settings.",
    unsupported: "This browser shows them on https pages only, or not at all.",
    kinds: "Notify me about",
    kindsHint: "The inbox keeps everything.",
    direct: "Direct messages",
    mention: "Mentions of your name",
    reply: "Replies to your messages",
    everyone: "Messages to @everyone",
    invite: "Invites to servers",
    dnd: "Your status is “Do not disturb”: no pop-ups and no sounds.",
  },
} as const;
