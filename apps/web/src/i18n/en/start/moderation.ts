export default {
  timeOut: {
    open: "Time out…",
    own: "You are timed out until {{when}}: until then you can only read here.",
  },
  raid: { own: "For safety, new members can only read here until {{when}}." },
  lock: { lock: "Lock for everyone", unlock: "Unlock for everyone" },
  slowMode: { wait: "Slow mode: you can write again in {{left}}" },
} as const;
