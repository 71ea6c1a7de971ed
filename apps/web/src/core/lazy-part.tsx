import { type ReactNode, Suspense } from "react";
import { ErrorBoundary } from "./error-boundary.tsx";
import { FailedPart } from "./failed-part.tsx";

interface LazyPartProps {
  loading?: ReactNode;
  failed?: ReactNode;
  children: ReactNode;
}

/**
 * Around what loads when it is first shown. A page that stays open while the server is updated asks for files that are
 * gone: that costs it the part, and nothing else.
 */
export function LazyPart({ loading, failed = <FailedPart />, children }: LazyPartProps) {
  return (
    <ErrorBoundary fallback={failed}>
      <Suspense fallback={loading}>{children}</Suspense>
    </ErrorBoundary>
  );
}
