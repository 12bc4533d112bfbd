/** Every requirement of a traced clause that shows over the wire is carried by an operation or a message, or it is said why not. */
import { readCatalogue } from "../model/catalogue.js";
import { carried } from "./citations.js";
import type { SpecTree } from "./spec-tree.js";

const TRACE = "trace.yaml";

/** A spec folder without a `trace.yaml` traces nothing. */
export function checkTrace(tree: SpecTree): void {
  const trace = tree.cursor(TRACE);
  if (trace === undefined) return;
  const requirements = readCatalogue(tree.root)?.requirements.flatMap((file) => file.entries) ?? [];
  const done = new Set<unknown>();
  for (const path of tree.files.keys()) {
    const root = path === TRACE ? undefined : tree.cursor(path);
    for (const list of root === undefined ? [] : carried(root)) for (const id of list.items()) done.add(id.value);
  }
  for (const entry of trace.items()) {
    const [doc, clause] = [entry.get("doc").value, String(entry.get("clause").value)];
    const wanted = requirements.filter(
      (one) => one.doc === doc && one.observable === "over-the-wire" && isWithin(one.clause, clause),
    );
    if (wanted.length === 0) entry.problem(`${String(doc)} ${clause} has no requirement that shows over the wire.`);
    const excused = new Set<unknown>();
    for (const one of entry.get("elsewhere").items()) {
      const id = one.get("id").value;
      excused.add(id);
      if (!wanted.some((requirement) => requirement.id === id)) {
        one.problem(`${String(id)} is not among the requirements of ${String(doc)} ${clause}. Correct or remove it.`);
      } else if (done.has(id)) {
        one.problem(`${String(id)} is carried after all. Remove it here.`);
      }
      if (typeof one.get("reason").value !== "string")
        one.problem(`${String(id)} has no reason. Say why none carries it.`);
    }
    for (const { id, statement } of wanted) {
      if (done.has(id) || excused.has(id)) continue;
      entry.problem(
        `nothing carries ${id} (${statement}). Name it in x-requirements of an operation, or in -requirements of a .ksy, or give the reason here.`,
      );
    }
  }
}

/** `8.6 a) i)` and `8.10` are within `8`; `8.10` is not within `8.1`. */
function isWithin(clause: string, outer: string): boolean {
  return clause.startsWith(outer) && !/\d/.test(clause.charAt(outer.length));
}
