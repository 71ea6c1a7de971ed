export default {
  save: "Save",
  saved: "Saved",
  retry: "Try again",
  switcher: {
    title: "Search and go to",
    placeholder: "Channels, people, settings, commands",
    results: "Results",
    nothing: "No matches",
    command: "Command",
  },
  shortcuts: {
    title: "Keyboard shortcuts",
    switcher: "Find a channel, person, setting or command",
    search: "Search this channel; again: find on the page",
    searchServer: "Search this server",
    channel: "Previous or next channel",
    unread: "Previous or next unread channel",
    close: "Close what is open",
    help: "Show these shortcuts",
  },
} as const;
