export default {
  title: "Public servers",
  tab: "Discovery",
  hint: "Servers of this Miscord that anyone here can join.",
  search: "Find a server",
  none: {
    title: "No public servers yet",
    description: "Those who manage a server can make it public in its settings.",
    found: "Nothing was found",
  },
  more: "Show more",
  few: "Fewer than 10 members",
  members_one: "{{count}} member or more",
  members_other: "{{count}} members or more",
  join: "Join",
  joinOf: "Join {{name}}",
  open: "Open",
  openOf: "Open {{name}}",
  listing: {
    hint: "Whether people find the server without an invite.",
    public: "Public server",
    publicHint:
      "Everyone on this Miscord finds it among the public servers and can join. Bans and raid mode still hold.",
    description: "Description",
    descriptionHint: "What the server is about, in a sentence or two.",
    unlisted: "The administrators of this Miscord keep the server off the list of public servers.",
  },
};
