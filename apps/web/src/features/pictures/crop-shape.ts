/** What is cut out of a picture: people and groups are shown in a circle, servers in a square, banners as they are. */
export type CropShape = "circle" | "square" | "banner";

/** Width by height. */
export const cropRatios: Readonly<Record<CropShape, number>> = { circle: 1, square: 1, banner: 3 };
