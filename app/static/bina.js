// What every page does a little better with scripts; nothing depends on it.

// One menu at a time: Escape or a click elsewhere closes it.
const menus = () => document.querySelectorAll(".menu[open], .drawer[open]");
addEventListener("click", (event) => {
  for (const menu of menus()) {
    const panel = menu.matches(".drawer") ? menu.nextElementSibling : menu;
    if (!menu.contains(event.target) && !(panel.contains(event.target) && !event.target.closest("a"))) menu.open = false;
  }
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A form is sent once: the button says that it is at work, and a second press does nothing.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  const button = event.submitter || form.querySelector("button");
  if (form.dataset.busy && button) button.textContent = form.dataset.busy;
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) delete form.dataset.sent;
});

// A form that was refused says so first.
document.getElementById("problems")?.focus();

// A password can be looked at while it is typed; it is sent as one, so that browsers keep it as one.
for (const box of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(box.dataset.shows);
  box.closest("label").hidden = false;
  box.addEventListener("change", () => (field.type = box.checked ? "text" : "password"));
  field.form.addEventListener("submit", () => (field.type = "password"));
}

// Lists with ticks: all at once, and how many.
for (const form of document.querySelectorAll("form.picking")) {
  const all = form.querySelector("[data-all]");
  const picked = form.querySelector("[data-picked]");
  const boxes = [...form.querySelectorAll("tbody [type=checkbox]")];
  const count = () => {
    const n = boxes.filter((box) => box.checked).length;
    if (picked) picked.textContent = picked.dataset.picked.replace("{n}", n);
    if (all) all.checked = n > 0 && n === boxes.length;
  };
  if (all) all.closest("label").hidden = false;
  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes) box.checked = all.checked;
    count();
  });
  count();
}
