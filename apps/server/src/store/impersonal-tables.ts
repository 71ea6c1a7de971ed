/** Tables of the database and of the search index without anything about a person. */
export const impersonalTables: readonly string[] = [
  "meta",
  "migrations",
  "roles",
  "removed_files",
  "signing_keys",
  "automod_rules",
  "onboardings",
  "discord_items",
  "instance_settings",
  "search_index",
  "search_documents",
  "search_terms",
  "search_positions",
  "search_state",
];
