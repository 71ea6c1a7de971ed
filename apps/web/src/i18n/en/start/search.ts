export default {
  label: "Search messages",
  placeholder: "Search",
  results: "Search results",
  searching: "Searching",
  close: "Close the results",
  nothing: "Nothing found",
} as const;
