export default {
  upload: "Upload a picture",
  change: "Change the picture",
  remove: "Remove the picture",
  file: "Picture file",
  formats: "JPEG, PNG, WebP or GIF, up to 8 MB. Animations stay animated.",
  unreadable: "This file cannot be used as a picture",
  archive: {
    formats: "JPEG, PNG, WebP, GIF or AVIF up to 8 MB each, or a zip archive of them.",
    refused: "Files that were left out",
    refusedCount_one: "{{count}} file was left out",
    refusedCount_other: "{{count}} files were left out",
    reasons: {
      noPicture: "no picture",
      tooLarge: "too large",
      tooMany: "only a part was taken: an archive holds at most 500 files and 128 MB",
      damaged: "cannot be read",
      noRoom: "there is no room for more",
    },
  },
  crop: {
    title: "Choose a part of the picture",
    area: "Part of the picture",
    hint: "Drag the picture or use the arrow keys. Zoom with two fingers, the wheel, or plus and minus.",
    zoom: "Zoom",
    zoomValue: "{{percent}}%",
    use: "Use this part",
  },
};
