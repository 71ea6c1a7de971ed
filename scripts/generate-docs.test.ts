import { expect, test } from "vitest";
import { generatedFiles } from "./generate-docs.ts";

test.for(generatedFiles())(
  "$path says what the code says (node scripts/generate-docs.ts mends it)",
  ({ present, current }) => {
    expect(present).toBe(current);
  },
);
