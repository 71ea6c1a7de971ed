export default {
  title: "Connection",
  open: "Connection: {{quality}}",
  quality: {
    excellent: "excellent",
    good: "good",
    poor: "poor",
    disconnected: "disconnected",
  },
  status: {
    idle: "Not connected",
    connecting: "Connecting…",
    online: "Connected",
    waiting: "Waiting to reconnect",
    stopped: "Disconnected",
  },
  none: "–",
  copy: "Copy details",
} as const;
