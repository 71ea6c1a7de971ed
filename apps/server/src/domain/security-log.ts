/** Where signs of an attack are noted, by address. */
export interface SecurityLog {
  record(event: "token_reuse", address: string): void;
}
