import { expect, test } from "vitest";
import type { Line } from "../../bundle/format.js";
import { judgeSourcePeer } from "../ldmp/judge-source-peer.js";
import { twice } from "./rejudged.js";

/** What each stand-in of each case sends first, in the order in which the case opened them; what follows depends on the product's times. */
function firstSent(log: readonly Line[]): Map<string, string[]> {
  const names = new Map(log.flatMap((line) => ("scope" in line ? [[line.scope, line.name] as const] : [])));
  // The first try of each: how many there are is the product's doing.
  const first = new Map([...names].reverse().map(([scope, name]) => [name, scope]));
  const sent = new Map<string, Map<number, string>>();
  for (const line of log) {
    if (!("order" in line)) continue;
    const name = names.get(line.in) ?? "";
    const { type, octets } = line.order as { type: string; octets?: unknown };
    if (type !== "send" || first.get(name) !== line.in) continue;
    const sources = sent.get(name) ?? new Map<number, string>();
    sent.set(name, sources);
    if (!sources.has(line.source)) sources.set(line.source, JSON.stringify(octets));
  }
  const ordered = (sources: Map<number, string>) => [...sources].sort(([a], [b]) => a - b).map(([, text]) => text);
  return new Map([...sent].map(([name, sources]) => [name, ordered(sources)] as const).sort());
}

test("two runs of one seed send the same octets first on every link of every case", async () => {
  const once = () => twice((run) => judgeSourcePeer({}, { run: (options) => run({ ...options, seed: "again" }) }));
  const [a, b] = [await once(), await once()];
  const [sentA, sentB] = [firstSent(a.bundle.log), firstSent(b.bundle.log)];
  expect(sentA.size).toBeGreaterThan(60);
  for (const { id: name } of a.live.cases) {
    const [links, others] = [sentA.get(name) ?? [], sentB.get(name) ?? []];
    // How often a case looks again is the product's doing.
    const both = Math.min(links.length, others.length);
    expect(both > 0, name).toBe(sentA.has(name) || sentB.has(name));
    expect(others.slice(0, both), name).toEqual(links.slice(0, both));
  }
});
