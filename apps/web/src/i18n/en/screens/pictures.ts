export default {
  upload: "Upload a picture",
  change: "Change the picture",
  remove: "Remove the picture",
  file: "Picture file",
  banner: {
    upload: "Upload a banner",
    change: "Change the banner",
    remove: "Remove the banner",
    file: "Banner file",
  },
  formats: "JPEG, PNG, WebP or GIF, up to 8 MB. Animations stay animated.",
  unreadable: "This file cannot be used as a picture",
  crop: {
    title: "Choose a part of the picture",
    area: "Part of the picture",
    hint: "Drag the picture or use the arrow keys. Zoom with two fingers, the wheel, or plus and minus.",
    zoom: "Zoom",
    zoomValue: "{{percent}}%",
    use: "Use this part",
  },
};
