import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { client } from "./core/client.ts";
import { ignoreInputMethodKeys } from "./core/input-method-keys.ts";
import "./core/listen-from-start.ts";
import { followLifecycle } from "./core/lifecycle.ts";
import { followSystemTheme } from "./core/theme.ts";
import { startI18n } from "./i18n/index.ts";
import "./styles.css";

ignoreInputMethodKeys(window);
followSystemTheme();
followLifecycle(client);
void client.start();
await startI18n();
createRoot(document.querySelector("#root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

if (import.meta.env.PROD && "serviceWorker" in navigator) void navigator.serviceWorker.register("/sw.js");
