/** Discord's limits of embeds. */
export const embedLimits = {
  perMessage: 10,
  title: 256,
  description: 4_096,
  author: 256,
  footer: 2_048,
  fields: 25,
  fieldName: 256,
  fieldValue: 1_024,
  /** Of all texts of a message's embeds together. */
  total: 6_000,
  address: 2_048,
  /** Of a message's embeds together, that readers see: more are links. */
  pictures: 4,
} as const;
