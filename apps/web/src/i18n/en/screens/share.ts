export default {
  title: "Share",
  where: "Where does it belong?",
  search: "Find a channel or a person",
  noPlace: "Nothing is called so.",
  discard: "Discard",
  lost_one: "A file was too large to be taken along.",
  lost_other: "{{count}} files were too many or too large to be taken along.",
  nothing: "Nothing was shared",
  nothingHint: "Share a text, a link or files from another app, and choose a conversation here.",
} as const;
