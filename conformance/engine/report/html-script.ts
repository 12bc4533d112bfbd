import { themeScript } from "./html-theme.js";

/** The page's behaviour: filters that go along in the address, search, exchanges on demand, copying, keys. */
export const script = `${themeScript}${String.raw`
const $ = (id) => document.getElementById(id);
const cases = [...document.querySelectorAll("details.case")], clauses = [...document.querySelectorAll("section.clause")];
const pills = [...document.querySelectorAll(".pill")], search = $("search"), deep = $("deep"), clause = $("clause"), group = $("group");
const treeLinks = new Map([...document.querySelectorAll(".tree a")].map((link) => [link.getAttribute("href").slice(1), link]));
const pressed = (of) => pills.filter((one) => one.dataset.of === of && one.getAttribute("aria-pressed") === "true").map((one) => one.dataset.value);
const shownCases = () => cases.filter((one) => !one.classList.contains("hidden"));

/** Puts the exchange of a case into the page, once. */
function fill(holder) {
  const waiting = holder.querySelector("script");
  if (!waiting) return;
  deepText(holder.closest("details.case"));
  const box = document.createElement("div");
  box.innerHTML = waiting.textContent;
  waiting.replaceWith(box);
  pretty(box);
}
/** Bodies that are JSON are laid out; a button shows them as they were sent. */
function pretty(inside) {
  for (const pre of inside.querySelectorAll("pre.http:not(.done)")) {
    pre.classList.add("done");
    const text = pre.textContent, cut = /\r?\n\r?\n/.exec(text);
    if (!cut) continue;
    const head = text.slice(0, cut.index), body = text.slice(cut.index + cut[0].length);
    let laid;
    try { laid = JSON.stringify(JSON.parse(/^transfer-encoding: *chunked/im.test(head) ? unchunked(body) : body), null, 2); } catch { continue; }
    if (laid === body.trim()) continue;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button raw", textContent: "as sent" });
    const show = (sent) => { pre.textContent = head + "\n\n" + (sent ? body : laid); button.textContent = sent ? "laid out" : "as sent"; };
    let sent = false;
    button.addEventListener("click", () => { sent = !sent; show(sent); });
    const box = document.createElement("div");
    box.className = "laid";
    pre.replaceWith(box);
    box.append(button, pre);
    show(false);
  }
}
/** What the chunks hold; their sizes stand on lines of their own. */
function unchunked(body) {
  return body.split(/\r?\n/).filter((line, index) => index % 2 === 1).join("");
}
function deepText(one) {
  const plain = (box) => box.textContent.replace(/<[^>]*>/g, " ").replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  if (one.deepText === undefined) one.deepText = [...one.querySelectorAll(".exchange script")].map(plain).join(" ").toLowerCase();
  return one.deepText;
}
function apply() {
  const verdicts = pressed("verdict"), levels = pressed("level"), words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const one of cases) {
    const { verdict, level, words: own } = one.dataset;
    const fits = (verdicts.length === 0 || verdicts.includes(verdict)) && (levels.length === 0 || levels.includes(level)) &&
      (clause.value === "" || one.dataset.clause === clause.value) && (group.value === "" || one.dataset.group === group.value) &&
      words.every((word) => own.includes(word) || (deep.checked && deepText(one).includes(word)));
    one.classList.toggle("hidden", !fits);
    if (fits) shown++;
  }
  for (const section of clauses) {
    const empty = !section.querySelector("details.case:not(.hidden)");
    section.classList.toggle("hidden", empty);
    treeLinks.get(section.id)?.classList.toggle("hidden", empty);
  }
  document.querySelector(".none").classList.toggle("hidden", shown > 0);
  $("count").textContent = shown === cases.length ? shown + " cases" : shown + " of " + cases.length + " cases";
}
/** The filters stand in the address, so that what somebody sees can be sent to others. */
function remember() {
  const state = new URLSearchParams();
  for (const of of ["verdict", "level"]) for (const value of pressed(of)) state.append(of, value);
  if (search.value) state.set("q", search.value);
  if (deep.checked) state.set("in", "exchanges");
  if (clause.value) state.set("clause", clause.value);
  if (group.value) state.set("group", group.value);
  history.replaceState(null, "", "#" + (String(state) && "?" + state));
}
function restore(state) {
  for (const one of pills) one.setAttribute("aria-pressed", String(state.getAll(one.dataset.of).includes(one.dataset.value)));
  search.value = state.get("q") ?? "";
  deep.checked = state.get("in") === "exchanges";
  clause.value = state.get("clause") ?? "";
  group.value = state.get("group") ?? "";
  apply();
}
function changed() { apply(); remember(); }
function reset() { restore(new URLSearchParams()); remember(); }

let typing;
search.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(changed, 80); });
for (const one of [deep, clause, group]) one.addEventListener("change", changed);
for (const one of pills) one.addEventListener("click", () => { one.setAttribute("aria-pressed", String(one.getAttribute("aria-pressed") !== "true")); changed(); });
$("reset").addEventListener("click", reset);
$("all").addEventListener("click", () => {
  const shown = shownCases(), open = shown.some((one) => !one.open);
  for (const one of shown) one.open = open;
  $("all").textContent = open ? "close all" : "open all";
});
$("keys").addEventListener("click", () => $("help").showModal());
document.addEventListener("toggle", (event) => { if (event.target.matches?.(".exchange") && event.target.open) fill(event.target); }, true);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.copy");
  if (!button) return;
  const text = button.parentElement.querySelector("code").textContent;
  const done = () => { button.textContent = "copied"; setTimeout(() => { button.textContent = "copy"; }, 1200); };
  const byHand = () => { const area = document.createElement("textarea"); area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove(); done(); };
  if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, byHand); else byHand();
});
function go(one) { one.querySelector("summary").focus({ preventScroll: true }); one.scrollIntoView({ block: "nearest" }); }
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  const typingNow = event.target.matches?.("input[type=search],select,textarea");
  if (event.key === "Escape") { if (typingNow) event.target.blur(); reset(); return; }
  if (typingNow) return;
  const at = document.activeElement?.closest?.("details.case"), shown = shownCases(), index = at ? shown.indexOf(at) : -1;
  const next = { j: () => shown[index + 1], k: () => shown[Math.max(0, index - 1)], n: () => shown.find((one, place) => place > index && one.dataset.verdict === "fail") }[event.key]?.();
  if (next) { event.preventDefault(); go(next); if (event.key === "n") next.open = true; }
  if (event.key === "o" && at) { at.open = true; const box = at.querySelector(".exchange"); if (box) box.open = !box.open; }
  if (event.key === "/") { event.preventDefault(); search.focus(); }
  if (event.key === "?") $("help").showModal();
});
/** A case in the address is opened and shown, whatever the filters hide. */
function follow() {
  const hash = decodeURIComponent(location.hash.slice(1));
  if (hash.startsWith("?")) return restore(new URLSearchParams(hash.slice(1)));
  const one = document.getElementById(hash);
  if (!one) return;
  if (one.closest(".hidden")) restore(new URLSearchParams());
  if (one.matches("details.case")) { one.open = true; one.querySelector("summary").focus({ preventScroll: true }); }
  one.scrollIntoView();
}
addEventListener("hashchange", follow);
addEventListener("beforeprint", () => { for (const one of shownCases()) if (one.open) for (const box of one.querySelectorAll(".exchange[open]")) fill(box); });
const narrow = matchMedia("(max-width: 860px)"), tree = document.querySelector(".tree");
const fold = () => { tree.open = !narrow.matches; };
narrow.addEventListener("change", fold);
fold();
pretty(document);
// Once more when the browser itself has gone to the address, and taken the focus away.
addEventListener("load", () => setTimeout(follow));
follow();
`}`;
