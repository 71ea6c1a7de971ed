export { ThreadButtons } from "./thread-buttons.tsx";
export { ThreadDialog } from "./thread-dialog.tsx";
export { ThreadRows } from "./thread-rows.tsx";
export { ThreadsPanel } from "./threads-panel.tsx";
