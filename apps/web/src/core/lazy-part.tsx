import { type ReactNode, Suspense } from "react";
import { ErrorBoundary } from "./error-boundary.tsx";
import { FailedPart } from "./failed-part.tsx";

interface LazyPartProps {
  loading?: ReactNode;
  failed?: ReactNode;
  children: ReactNode;
}

/**
 * Loads its children when they are first shown. A page that was open before an update of the server requests files that
 * no longer exist; then only this part fails.
 */
export function LazyPart({ loading, failed = <FailedPart />, children }: LazyPartProps) {
  return (
    <ErrorBoundary fallback={failed}>
      <Suspense fallback={loading}>{children}</Suspense>
    </ErrorBoundary>
  );
}
