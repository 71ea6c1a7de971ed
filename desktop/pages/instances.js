// A classic script, since pages from files load no modules. The list of instances, over what `list-preload` has put on `window.miscordList`.
const list = document.querySelector("#list");
const form = document.querySelector("#add");
const problem = document.querySelector("#problem");

function show(instances) {
  list.replaceChildren(...instances.map(itemOf));
}

function itemOf({ name, address }) {
  const item = document.createElement("li");
  item.append(
    button(`${name} — ${address}`, () => miscordList.choose(address)),
    button("Remove", async () => show(await miscordList.remove(address)), `Remove ${name}`),
  );
  return item;
}

function button(text, onClick, label = text) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.setAttribute("aria-label", label);
  element.addEventListener("click", onClick);
  return element;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void add();
});

async function add() {
  const { address, name } = Object.fromEntries(new FormData(form));
  const instances = await miscordList.add(address, name);
  problem.textContent = instances ? "" : "This is not the address of an instance.";
  if (!instances) return;
  form.reset();
  show(instances);
}

void miscordList.instances().then(show);
