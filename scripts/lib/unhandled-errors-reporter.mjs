// A reporter for Vitest that writes to the file of UNHANDLED_ERRORS what no test is to blame for: a crashed worker, a
// rejection that nobody handles. Vitest fails the run for these, and its report as JSON lacks them.
import { writeFileSync } from "node:fs";

export default class UnhandledErrorsReporter {
  onTestRunEnd(_modules, errors) {
    const described = errors.map((error) => ({ message: messageOf(error), path: error.VITEST_TEST_PATH }));
    writeFileSync(process.env["UNHANDLED_ERRORS"], JSON.stringify(described));
  }
}

/** A crashed worker is named by the cause only. */
function messageOf({ message, cause }) {
  return cause ? `${message} ${cause.message}` : message;
}
