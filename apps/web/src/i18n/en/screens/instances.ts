export default {
  open: "Other instances",
  title: "Your instances",
  hint: "Noted in this browser only. Each opens at its own address, with its own account; none learns of the others.",
  here: "You are here",
  remove: "Remove {{name}} from the list",
  address: "Address",
  name: "Name (optional)",
  wrong: "This is not the address of an instance.",
  add: "Add",
} as const;
