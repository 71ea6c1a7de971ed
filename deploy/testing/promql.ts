import { parser } from "@prometheus-io/lezer-promql";

/** What a PromQL expression asks for. */
interface Reference {
  readonly metric: string;
  /** Labels by which the metric is selected. */
  readonly labels: readonly string[];
}

export interface Query {
  readonly references: readonly Reference[];
  /** Labels by which results are grouped or matched. */
  readonly grouping: readonly string[];
}

/** Throws when the expression does not parse. Variables of Grafana have to be replaced before. */
export function readPromQl(expression: string): Query {
  const references: { metric: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  const selectors: { metric: string; labels: string[] }[] = [];
  parser.parse(expression).iterate({
    enter({ name, type, from, to, node }) {
      if (type.isError) throw new Error(`Not PromQL at ${from}: ${expression}`);
      const text = expression.slice(from, to);
      if (name === "VectorSelector") selectors.push({ metric: "", labels: [] });
      if (name === "Identifier" && node.parent?.name === "VectorSelector") selectors.at(-1)!.metric = text;
      if (name !== "LabelName") return;
      if (node.parent?.name === "UnquotedLabelMatcher") selectors.at(-1)!.labels.push(text);
      else grouping.push(text);
    },
    leave({ name }) {
      if (name === "VectorSelector") references.push(selectors.pop()!);
    },
  });
  return { references, grouping };
}
