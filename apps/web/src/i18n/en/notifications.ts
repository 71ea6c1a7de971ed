export default {
  title: "Notifications",
  unread_one: "{{count}} unread notification",
  unread_other: "{{count}} unread notifications",
  isUnread: "Unread:",
  read: "Mark as read",
  readAll: "Mark all as read",
  more: "Show older ones",
  empty: "All quiet",
  emptyHint: "Mentions, replies to you and invitations gather here.",
  show: "Show",

  kind: {
    mention: "{{author}} mentioned you in #{{channel}}",
    reply: "{{author}} replied to you in #{{channel}}",
    everyone: "{{author}} notified everyone in #{{channel}}",
    invite: "{{author}} invites you to {{server}}",
  },

  offer: {
    text: "Be told of these while Miscord is in the background?",
    accept: "Turn on",
    decline: "No, thanks",
  },

  settings: {
    away: "While Miscord is in the background",
    awayHint: "Holds for this browser.",
    desktop: "Desktop notifications",
    sound: "Sound",
    denied: "The browser blocks notifications from this site. Allow them in its site settings.",
    unsupported: "This browser offers them on https only, or not at all.",
    kinds: "What to tell you about",
    kindsHint: "The inbox keeps all of them.",
    mention: "Mentions of your name",
    reply: "Replies to your messages",
    everyone: "Messages to @everyone",
    invite: "Invitations to servers",
    dnd: "Your status is “Do not disturb”: no pop-ups and no sounds.",
  },
} as const;
