import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStore } from "../../../impl/store/index.js";
import { createUnis, type Unis } from "../../../impl/unis/index.js";
import { compare, type Goal, printGoals, printRanking } from "../rounds.js";
import { sampled } from "./sampled.js";

const large = 500_000;
const small = 1_000;
const systems = 80_000;
const asked = 1_000;

/** What ordering 1,000 peers costs with tables of the size of the whole Internet's against small ones: without HTTP. */
export async function benchUnis(rounds: number): Promise<readonly Goal[]> {
  const folder = mkdtempSync(join(tmpdir(), "mp2p-bench-"));
  const started = performance.now();
  const many = await opened(folder, large);
  const loading = (performance.now() - started) / 1000;
  const few = await opened(folder, small);
  rmSync(folder, { recursive: true });
  console.log(
    `\n${large} prefixes (1 of 10 IPv6) and ${large} relations: written and loaded in ${loading.toFixed(1)} s`,
  );
  const [name, reference] = [`among ${large} prefixes`, `among ${small} prefixes`];
  const ranking = await compare(
    [
      { name, round: () => sampled(() => order(many), 50) },
      { name: reference, round: () => sampled(() => order(few), 50) },
    ],
    { rounds, reference },
  );
  printRanking(`${asked} peers in order, Node ${process.versions.node}`, "µs", ranking);
  const measured = (ranking[0]?.median ?? Number.NaN) / 1000;
  const goals = [{ what: `unis: ms for ${asked} peers ${name}`, wanted: "< 20", measured, met: measured < 20 }];
  printGoals(goals);
  return goals;
}

function order({ core }: Unis): void {
  const answer = core.order({ peer: peers[0] as (typeof peers)[0], peers });
  if (answer.peer.length !== asked) throw new Error("peers are missing");
}

/** A small repeatable generator of 32 bits. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state ^ (state >>> 15)) >>> 0;
  };
}

const address = (bits: number, six: boolean) =>
  six
    ? `2001:${(bits >>> 16).toString(16)}:${(bits & 0xffff).toString(16)}::1`
    : [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join(".");

const random = generator(1);
const peers = Array.from({ length: asked }, (_, i) => ({
  peer_id: `p${i}`,
  address: `tcp://${i % 10 === 0 ? `[${address(random(), true)}]` : address(random(), false)}:9000`,
}));

async function opened(folder: string, count: number): Promise<Unis> {
  const next = generator(count);
  const prefixes = await written(join(folder, `prefixes-${count}`), count, (i) => {
    const six = i % 10 === 0;
    const length = six ? 32 + (next() % 17) : 16 + (next() % 9);
    return `${address(next(), six)}\t${length}\t${1 + (next() % systems)}`;
  });
  const relations = await written(
    join(folder, `relations-${count}`),
    count,
    () => `${1 + (next() % systems)}|${1 + (next() % systems)}|${next() % 3 === 0 ? 0 : -1}`,
  );
  return createUnis({ store: createMemoryStore(), tables: { prefixes: [prefixes], relations: [relations] } });
}

async function written(path: string, count: number, line: (i: number) => string): Promise<string> {
  const file = createWriteStream(path);
  for (let at = 0; at < count; at += 1000) {
    const text = Array.from({ length: Math.min(1000, count - at) }, (_, i) => `${line(at + i)}\n`).join("");
    if (!file.write(text)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
  return path;
}
