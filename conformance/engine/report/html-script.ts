/** The page's behaviour: filters, search, copying. Without it the page still shows everything. */
export const script = `
const bar = document.querySelector("nav.bar"), cases = [...document.querySelectorAll("details.case")];
const search = bar.querySelector("input[type=search]");
function apply() {
  const off = { verdict: new Set(), level: new Set() };
  for (const box of bar.querySelectorAll("input[type=checkbox]")) if (!box.checked) off[box.dataset.of].add(box.value);
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const one of cases) {
    const fits = !off.verdict.has(one.dataset.verdict) && !off.level.has(one.dataset.level) && words.every((word) => one.dataset.words.includes(word));
    one.classList.toggle("hidden", !fits);
    if (fits) shown++;
  }
  for (const group of document.querySelectorAll("section.clause")) {
    const empty = !group.querySelector("details.case:not(.hidden)");
    group.classList.toggle("hidden", empty);
    for (const link of document.querySelectorAll('aside a[href="#' + group.id + '"]')) link.classList.toggle("hidden", empty);
  }
  document.querySelector(".none").classList.toggle("hidden", shown > 0);
}
bar.addEventListener("input", apply);
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.open) for (const one of cases) if (!one.classList.contains("hidden")) one.open = button.dataset.open === "yes";
  if (button.classList.contains("copy")) {
    const text = button.parentElement.querySelector("code").textContent;
    const done = () => { button.textContent = "copied"; setTimeout(() => { button.textContent = "copy"; }, 1200); };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done);
    else { const area = document.createElement("textarea"); area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove(); done(); }
  }
});
function follow() {
  const one = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (one && one.matches("details.case")) { one.open = true; one.scrollIntoView(); }
}
addEventListener("hashchange", follow);
follow();
`;
