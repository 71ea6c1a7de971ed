import { DeletionSection } from "./deletion-section.tsx";
import { ExportSection } from "./export-section.tsx";
import { KeptSection } from "./kept-section.tsx";

/** The panel of the settings dialog for what the instance keeps about the user. */
export function DataPanel() {
  return (
    <>
      <ExportSection />
      <DeletionSection />
      <KeptSection />
    </>
  );
}
