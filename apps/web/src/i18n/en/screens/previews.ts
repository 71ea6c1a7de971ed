export default {
  remove: "Remove link previews",
  title: "Link previews",
  own: "Show previews of linked pages",
  ownHint: "They are made by this instance's server, and their pictures come from it: no site learns of you.",
  server: "Previews of linked pages",
  serverHint: "The instance's server opens pages that messages here link to. Existing previews stay.",
};
