/**
 * What the page does: reads the state, follows the events, and reads the chosen overlay anew when something in it changed. Texts of
 * peers get into the page as text only.
 */
export const script = String.raw`
"use strict";
const $ = (id) => document.getElementById(id);
const base = location.origin + location.pathname.replace(/\/live$/, "");
const longestLog = 200, labelled = 60;
let overlays = [], chosen = decodeURIComponent(location.hash.slice(1)), shown, chosenPeer, timer, source;

const make = (name, text, className) => {
  const one = document.createElement(name);
  if (text !== undefined) one.textContent = text;
  if (className) one.className = className;
  return one;
};
const draw = (name, attributes, text) => {
  const one = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  if (text !== undefined) one.textContent = text;
  return one;
};
const say = (text, bad) => { $("state").textContent = text; $("state").className = bad ? "bad" : ""; };
const read = async (path) => {
  const response = await fetch(base + path, { headers: { accept: "application/json" } });
  if (!response.ok && response.status !== 404) throw new Error("status " + response.status);
  return response.ok ? response.json() : undefined;
};

/** The list, and the overlay that is looked at. */
async function refresh(all) {
  try {
    if (all) {
      const state = await read("");
      overlays = state.overlays;
      if (!source) follow(state["last-event-id"]);
    }
    if (!overlays.some((one) => one["overlay-id"] === chosen)) chosen = overlays[0]?.["overlay-id"] ?? "";
    shown = chosen ? await read("/" + encodeURIComponent(chosen)) : undefined;
    const listed = overlays.findIndex((one) => one["overlay-id"] === chosen);
    if (shown && listed !== -1) overlays[listed] = shown;
    showList();
    showOverlay();
  } catch (error) {
    say("the HOMS does not answer: " + error.message, true);
    soon(true, 3000);
  }
}
let everything = false;
function soon(all, ms = 250) {
  everything ||= all;
  timer ??= setTimeout(() => {
    const whole = everything;
    timer = undefined;
    everything = false;
    refresh(whole);
  }, ms);
}

/** Events: they go into the log, and say what to read anew. */
function follow(last) {
  source = new EventSource(base + "/events?last-event-id=" + encodeURIComponent(last));
  source.onopen = () => say("live");
  source.onerror = () => {
    say("the connection broke; trying again", true);
    if (source.readyState !== EventSource.CLOSED) return;
    source = undefined;
    soon(true, 3000);
  };
  source.addEventListener("reset", () => soon(true));
  for (const kind of ["overlay-created", "overlay-removed", "peer-joined", "peer-left", "peer-expired", "peer-lost", "paths-changed", "loss-reported"]) {
    source.addEventListener(kind, (event) => {
      const data = JSON.parse(event.data);
      log(kind, data);
      if (kind.startsWith("overlay-")) soon(true);
      else if (data["overlay-id"] === chosen) soon(false);
      else countPeers(kind, data["overlay-id"]);
    });
  }
}
function countPeers(kind, id) {
  const one = overlays.find((other) => other["overlay-id"] === id);
  if (!one) return;
  if (kind === "peer-joined") soon(true, 1000);
  else if (kind.startsWith("peer-")) one.status.num_peers--;
  showList();
}
function log(kind, data) {
  const { at, "overlay-id": id, "peer-id": peer, lost, primary, title } = data;
  const name = overlays.find((one) => one["overlay-id"] === id)?.title ?? title ?? id;
  const words = {
    "overlay-created": "created", "overlay-removed": "removed (" + data.reason + ")", "peer-joined": data.recovery ? "looks for a new place" : "joined",
    "peer-left": "left", "peer-expired": "expired", "peer-lost": "was lost", "loss-reported": "lost " + lost, "paths-changed": "paths: " + (primary?.join(", ") || "none"),
  };
  const line = make("li", undefined, kind.includes("los") ? "loss" : "");
  line.append(make("time", new Date(at).toLocaleTimeString()), [name, peer, words[kind]].filter(Boolean).join(" · "));
  $("log").prepend(line);
  while ($("log").childElementCount > longestLog) $("log").lastElementChild.remove();
}

function showList() {
  $("overlays").replaceChildren(...overlays.map((one) => {
    const id = one["overlay-id"], item = make("li"), button = make("button", one.title);
    button.type = "button";
    button.setAttribute("aria-current", String(id === chosen));
    button.append(make("small", one.type + " " + one["sub-type"] + ", " + one.auth.type + ", " + one.status.num_peers + " peers"));
    button.onclick = () => { chosen = id; location.hash = encodeURIComponent(id); refresh(false); };
    item.append(button);
    return item;
  }));
}

/** Where each node goes: rings by depth, each part of the tree in a sector as wide as its leaves need. */
function layout({ nodes, roots }) {
  const children = new Map(), leaves = new Map(), places = new Map();
  for (const node of nodes) if (node.parent !== null) children.set(node.parent, [...(children.get(node.parent) ?? []), node["peer-id"]]);
  for (const node of [...nodes].reverse()) {
    leaves.set(node["peer-id"], (children.get(node["peer-id"]) ?? []).reduce((sum, id) => sum + leaves.get(id), 0) || 1);
  }
  const all = roots.reduce((sum, id) => sum + leaves.get(id), 0) || 1;
  const apart = roots.length > 1 ? 1 : 0;
  const deepest = Math.max(1, ...nodes.map((node) => node.depth + apart));
  const todo = [];
  let angle = 0;
  for (const id of roots) { todo.push([id, angle, apart]); angle += leaves.get(id) / all; }
  for (let [id, from, ring] = todo.pop() ?? []; id !== undefined; [id, from, ring] = todo.pop() ?? []) {
    const turn = 2 * Math.PI * (from + leaves.get(id) / all / 2), radius = 88 * ring / deepest;
    places.set(id, [radius * Math.sin(turn), -radius * Math.cos(turn)]);
    for (const child of children.get(id) ?? []) { todo.push([child, from, ring + 1]); from += leaves.get(child) / all; }
  }
  return places;
}

function showOverlay() {
  const tree = shown?.["core-tree"];
  $("title").textContent = shown?.title ?? "No overlay";
  $("links").replaceChildren();
  $("nodes").replaceChildren();
  if (!tree) { $("facts").textContent = ""; return showPeer(); }
  const places = layout(tree), depth = Math.max(0, ...tree.nodes.map((node) => node.depth));
  const suspects = new Set(shown.losses.suspects.map((one) => one["peer-id"]));
  $("facts").textContent = tree.nodes.length + " peers, " + tree.roots.length + (tree.roots.length === 1 ? " root" : " roots") + ", depth " + depth + ", " +
    tree.loops.length + " loops, " + shown.losses.removed + " removed as lost; " + shown["overlay-id"];
  const line = (a, b, className) => {
    const [from, to] = [places.get(a), places.get(b)];
    if (from && to) $("links").append(draw("path", { d: "M" + from + "L" + to, class: className }));
  };
  const paths = new Set(tree.nodes.map((node) => node.parent + "\n" + node["peer-id"]));
  for (const peer of shown.peers) for (const other of peer.status?.costmap.outgoing_candidate ?? []) {
    const id = peer["peer-id"];
    if (!paths.has(id + "\n" + other) && !paths.has(other + "\n" + id)) line(id, other, "candidate");
  }
  const size = Math.max(0.8, Math.min(4, 60 / Math.sqrt(tree.nodes.length)) / 2);
  for (const node of tree.nodes) {
    const id = node["peer-id"], [x, y] = places.get(id);
    if (node.parent !== null) line(node.parent, id, node.confirmed ? "primary" : "one-sided");
    const kind = suspects.has(id) ? "suspect" : node.parent === null ? "root" : node.reported ? "" : "silent";
    const circle = draw("circle", { cx: x, cy: y, r: size, class: kind + (id === chosenPeer ? " chosen" : "") });
    circle.append(draw("title", {}, id + ", ticket " + node["ticket-id"]));
    circle.onclick = () => { chosenPeer = id; showOverlay(); };
    $("nodes").append(circle);
    if (tree.nodes.length <= labelled) $("nodes").append(draw("text", { x, y: y - size - 1 }, id.length > 14 ? id.slice(0, 13) + "…" : id));
  }
  showPeer();
}

function showPeer() {
  const peer = shown?.peers.find((one) => one["peer-id"] === chosenPeer);
  const rows = peer ? {
    id: peer["peer-id"], ticket: peer["ticket-id"], address: peer.address, expires: peer.expires + " s", applications: peer.applications.join(", ") || "none",
    primary: peer.status?.costmap.primary.join(", ") || "none", "outgoing candidates": peer.status?.costmap.outgoing_candidate.join(", ") || "none",
    "incoming candidates": peer.status?.costmap.incoming_candidate.join(", ") || "none", reported: peer.status ? new Date(peer.status.reported).toLocaleTimeString() : "never",
  } : { "": "click a peer" };
  $("peer").replaceChildren(...Object.entries(rows).flatMap(([name, value]) => [make("dt", name), make("dd", value)]));
}

refresh(true);
`;
