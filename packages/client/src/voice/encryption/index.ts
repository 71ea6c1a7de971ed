/** What only an encrypted call needs, with MLS. Loaded with the first one. */
export { CallKeys } from "./call-keys.ts";
