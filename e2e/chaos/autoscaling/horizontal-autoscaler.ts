import type { IHPAScalingRules, IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2";

/** Seconds between two decisions, as the controller of Kubernetes has them by default. */
export const syncSeconds = 15;
/** Within this share of the target nothing changes: the controller's default. */
const tolerance = 0.1;

interface Change {
  readonly at: number;
  readonly pods: number;
}

/**
 * The arithmetic of Kubernetes' HorizontalPodAutoscaler (autoscaling/v2) for one metric of pods: the recommendation, its
 * stabilisation, and the policies' limits of pace. Time is in seconds and given by the caller.
 */
export class HorizontalAutoscaler {
  readonly #min: number;
  readonly #max: number;
  readonly #target: number;
  readonly #up: IHPAScalingRules;
  readonly #down: IHPAScalingRules;
  readonly #recommendations: Change[] = [];
  readonly #changes: Change[] = [];

  constructor({ spec }: IHorizontalPodAutoscaler) {
    this.#min = spec.minReplicas!;
    this.#max = spec.maxReplicas;
    this.#target = Number(spec.metrics![0]!.pods!.target.averageValue);
    this.#up = spec.behavior!.scaleUp!;
    this.#down = spec.behavior!.scaleDown!;
  }

  /** How many pods there shall be. `mean` is the metric's mean of the present ones. */
  decide(at: number, present: number, mean: number): number {
    const ratio = mean / this.#target;
    const wanted = Math.abs(ratio - 1) <= tolerance ? present : Math.ceil(ratio * present);
    // A controller that has just started takes what is there for its first recommendation.
    if (this.#recommendations.length === 0) this.#recommendations.push({ at, pods: present });
    this.#recommendations.push({ at, pods: wanted });
    const decided = this.#limit(at, present, this.#stabilise(at, present));
    if (decided !== present) this.#changes.push({ at, pods: decided - present });
    return decided;
  }

  /** The least of the recommendations of the window upwards, the largest of those of the window downwards. */
  #stabilise(at: number, present: number): number {
    const since = (rules: IHPAScalingRules) =>
      this.#recommendations
        .filter((one) => one.at > at - rules.stabilizationWindowSeconds! || one.at === at)
        .map(({ pods }) => pods);
    return Math.max(Math.min(...since(this.#up)), Math.min(present, Math.max(...since(this.#down))));
  }

  #limit(at: number, present: number, wanted: number): number {
    const bounded = Math.min(this.#max, Math.max(this.#min, wanted));
    if (bounded > present) return Math.min(bounded, Math.max(present, this.#reach(this.#up, at, present, 1)));
    if (bounded < present) return Math.max(bounded, Math.min(present, this.#reach(this.#down, at, present, -1)));
    return present;
  }

  /** The number of pods that the policies allow to go to. */
  #reach({ policies, selectPolicy }: IHPAScalingRules, at: number, present: number, sign: 1 | -1): number {
    if (selectPolicy === "Disabled") return present;
    const limits = policies!.map(({ type, value, periodSeconds }) => {
      const recent = this.#changes.filter((change) => change.at > at - periodSeconds);
      const atStart = present - recent.reduce((sum, { pods }) => sum + pods, 0);
      if (type === "Pods") return atStart + sign * value;
      const share = atStart * (1 + (sign * value) / 100);
      return sign > 0 ? Math.ceil(share) : Math.floor(share);
    });
    const furthest = sign > 0 ? Math.max(...limits) : Math.min(...limits);
    const nearest = sign > 0 ? Math.min(...limits) : Math.max(...limits);
    return selectPolicy === "Min" ? nearest : furthest;
  }
}
