export { anomalyThreshold, Detector } from "./detector.ts";
export { NodeWatch, type NodeWatchState } from "./node-watch.ts";
export type { Band } from "./scale.ts";
export type { NodeSpec, SeriesSpec } from "./series-watch.ts";
export { Watch, type Departed, type WatchState } from "./watch.ts";
export { forecastDays, type ForecastDay } from "./forecast.ts";
export { fitCosts, growthOf, median, quantileOf, resampled, useOf, type CostRow, type Costs } from "./costs.ts";
