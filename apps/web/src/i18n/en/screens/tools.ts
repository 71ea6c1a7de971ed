export default {
  title: "Message",
  remind: {
    title: "Remind me",
    soon: "In 20 minutes",
    hour: "In an hour",
    evening: "In the evening",
    tomorrow: "Tomorrow morning",
    week: "In a week",
  },
  save: "Save",
  copyMarkdown: "Copy as Markdown",
  forward: {
    title: "Forward the message",
    search: "Where to",
    places: "Channels and conversations",
    none: "Nothing found.",
    comment: "Say something about it (optional)",
    files: "Files",
    submit: "Forward",
    done: "Forwarded to {{channel}}",
  },
  forwarded: {
    label: "Forwarded",
    source: "Go to the original",
    hidden: "The original is gone, or you do not see its channel.",
  },
  linked: {
    label: "Message from {{author}}",
    open: "Go to the message",
  },
  leave: {
    title: "Open this address?",
    description: "The words of the link do not show where it leads.",
    submit: "Open",
    copy: "Copy",
  },
  date: {
    title: "Jump to a date",
    day: "Day",
    submit: "Jump",
  },
  edits: {
    title: "Earlier versions",
    present: "now",
  },
} as const;
