export default {
  roles: {
    everyone: "Everyone",
    assign: "Roles…",
  },
  channel: {
    open: "Permissions…",
    privateMark: "private",
  },
  explain: {
    ofMember: "Permissions, and why",
  },
  viewAs: {
    asMember: "View server as this member",
  },
  refused: {
    send: "You may not write in this channel.",
  },
  unseen_one: "{{names}} does not see this channel and was not notified.",
  unseen_other: "{{names}} do not see this channel and were not notified.",
} as const;
