// A lesson, a little better: where one is on the page, and how long the reading time still runs.

const links = new Map();
for (const link of document.querySelectorAll(".toc a")) {
  const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (heading) links.set(heading, link);
}
if (links.size && "IntersectionObserver" in window) {
  const mark = () => {
    let now = [...links.keys()][0];
    for (const heading of links.keys()) if (heading.getBoundingClientRect().top < innerHeight / 3) now = heading;
    for (const [heading, link] of links) {
      if (heading === now) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const watch = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" });
  for (const heading of links.keys()) watch.observe(heading);
}

// A long outline begins where one is: at once where it stands beside the text, else when it is opened.
const outline = document.querySelector(".outline");
const here = outline?.querySelector("[aria-current]");
const settle = () => here && (outline.scrollTop = here.offsetTop - outline.clientHeight / 3);
document.querySelector(".drawer")?.addEventListener("toggle", settle);
settle();

// The least reading time is counted by the server; this only says in words what is left of it.
const note = document.querySelector("[data-left]");
if (note) {
  const end = Date.now() + note.dataset.left * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    note.hidden = left <= 0;
    const shown = left > 60 ? [Math.ceil(left / 60), note.dataset.minutes] : [left, note.dataset.seconds];
    note.textContent = shown[1].replace("{n}", shown[0]);
    if (left > 0) setTimeout(tick, left > 90 ? (left % 60 || 60) * 1000 : 1000);
  };
  tick();
}
