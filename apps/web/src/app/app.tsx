import { useEffect } from "react";
import { forgetRestart } from "../core/forget-restart.ts";
import { ToastProvider } from "../ui/toast.tsx";
import { TooltipProvider } from "../ui/tooltip.tsx";
import { CrashPage } from "./crash-page.tsx";
import { ErrorBoundary } from "../core/error-boundary.tsx";
import { Routes } from "./routes.tsx";
import { useLostSession } from "./use-lost-session.ts";
import { usePreferences } from "./use-preferences.ts";

export function App() {
  usePreferences();
  // Not before: an app that fails while it renders for the first time must not be loaded again for ever.
  useEffect(forgetRestart, []);
  return (
    <ErrorBoundary fallback={<CrashPage />}>
      <TooltipProvider>
        <ToastProvider>
          <LostSession />
          <Routes />
        </ToastProvider>
      </TooltipProvider>
    </ErrorBoundary>
  );
}

function LostSession() {
  useLostSession();
  return null;
}
