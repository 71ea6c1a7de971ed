export default {
  upload: {
    cancel: "Cancel {{name}}",
    empty: "The file is empty",
    expired: "Unsent files are kept for a day. This one is gone",
    list: "Attached files",
    mediaUnchanged: "Videos and audio are sent unchanged, including any location or device details they contain.",
    progress: "Uploading {{name}}",
    remove: "Remove {{name}}",
    retry: "Upload {{name}} again",
    tooLarge: "Larger than {{limit}}",
  },
  pins: {
    empty: "Nothing pinned",
    emptyHint: "What is pinned from a message's menu stays at hand here.",
  },
  attachment: {
    image: "Picture {{name}}",
  },
  viewer: {
    title: "Picture {{index}} of {{count}}",
    next: "Next picture",
    previous: "Previous picture",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    original: "Open original",
    download: "Download",
    close: "Close",
  },
  emoji: {
    search: "Search emoji",
    categories: "Emoji categories",
    failed: "The emoji could not be loaded. Close this and try again.",
    none: "No emoji for “{{search}}”",
    recent: "Recently used",
    skinTone: "Skin tone",
    pick: "Pick an emoji",
  },
} as const;
