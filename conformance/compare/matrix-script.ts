import { themeScript } from "../engine/report/html-theme.js";

/** The behaviour of the matrix: filters, and the cases of a cell under its row. */
export const matrixScript = `${themeScript}${String.raw`
const $ = (id) => document.getElementById(id), rows = [...document.querySelectorAll("tbody tr")], sections = [...document.querySelectorAll("section")];
const on = (id) => $(id).getAttribute("aria-pressed") === "true";
function close() {
  document.querySelector("tr.opened")?.remove();
  document.querySelector(".cell[aria-expanded=true]")?.setAttribute("aria-expanded", "false");
}
function apply() {
  close();
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const section of sections) {
    const wanted = $("entity").value === "" || $("entity").value === section.dataset.entity;
    let own = 0;
    for (const row of section.querySelectorAll("tbody tr")) {
      const fits = wanted && (!on("bad") || "bad" in row.dataset) && (!on("differs") || "differs" in row.dataset) && words.every((word) => row.dataset.words.includes(word));
      row.classList.toggle("hidden", !fits);
      if (fits) own++;
    }
    section.classList.toggle("hidden", own === 0);
    shown += own;
  }
  document.querySelector(".none").classList.toggle("hidden", shown > 0);
  $("count").textContent = shown === rows.length ? rows.length + " clauses" : shown + " of " + rows.length + " clauses";
}
for (const id of ["bad", "differs"]) $(id).addEventListener("click", () => { $(id).setAttribute("aria-pressed", String(!on(id))); apply(); });
$("search").addEventListener("input", apply);
$("entity").addEventListener("change", apply);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
document.addEventListener("click", (event) => {
  const cell = event.target.closest?.(".cell");
  if (!cell) return;
  const again = cell.getAttribute("aria-expanded") === "true", row = cell.closest("tr");
  close();
  if (again) return;
  cell.setAttribute("aria-expanded", "true");
  const opened = document.createElement("tr"), holder = document.createElement("td"), box = document.createElement("div");
  opened.className = "opened";
  holder.className = "cases";
  holder.colSpan = row.children.length;
  box.innerHTML = cell.nextElementSibling.textContent;
  holder.append(box);
  opened.append(holder);
  row.after(opened);
});
apply();
`}`;
