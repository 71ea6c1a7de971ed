import type { ImportFaultCode } from "@miscord/protocol";
import { OperatorError } from "../../../errors.ts";

/** Why an export cannot be imported: for the command line a sentence, for the interface a code. */
export class ImportFault extends OperatorError {
  readonly code: ImportFaultCode;

  constructor(code: ImportFaultCode, message: string) {
    super(message);
    this.code = code;
  }
}
