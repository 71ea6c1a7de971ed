export default {
  title: "Settings",
  logout: "Log out",
  monitor: "Monitor",
  instance: "Administration",
  customStatus: "Custom status…",
  shortcuts: "Keyboard shortcuts",
  status: {
    heading: "Status",
    dnd: "No sounds or pop-ups",
    invisible: "You appear offline",
  },
} as const;
