/** One hybrid peer as a process of its own: does what its parent process says, and tells it what happens. */
import { startHybridPeer } from "../../index.js";
import type { Command, PeerOrders, Told } from "./protocol.js";

const orders = JSON.parse(process.argv[2] ?? "{}") as PeerOrders;
// Nothing outlives the test that started it.
process.on("disconnect", () => process.exit(1));

const tell = (told: Told): void => void process.send?.(told);

let got = new Map<string, number[]>();
let published = 0;
let told = 0;
let wasOrphaned = false;
let every: NodeJS.Timeout | undefined;

const peer = await startHybridPeer({
  homs: orders.homs,
  peerId: orders.peerId,
  listen: { ...(orders.port !== undefined && { port: orders.port }) },
  ...(orders.address !== undefined && { address: orders.address }),
  ...(orders.paths && { paths: orders.paths }),
});
const membership = await peer.join({
  overlayId: orders.overlayId,
  type: "core",
  subType: "tree",
  ...(orders.expires && { expires: orders.expires }),
});
const { network } = membership;
if (network === undefined) throw new Error("the membership has no network");
const application = network.application("churn");

application.onData(({ source, payload }) => {
  const [name, number] = new TextDecoder().decode(payload.subarray(0, 80)).split("/");
  if (name !== source) tell({ kind: "wrong", what: `${name}/${number} came as ${source}'s` });
  const numbers = got.get(source) ?? [];
  got.set(source, numbers);
  numbers.push(Number(number));
});
network.onNews((news) => {
  const at = Date.now();
  if (news.kind === "path" && news.path === "parent") {
    tell({ kind: "parent", at, peerId: news.change === "up" ? news.peerId : undefined });
  } else if (news.kind === "orphaned") wasOrphaned = true;
  else if (news.kind === "attached" && wasOrphaned) tell({ kind: "attached", at, afterMs: news.afterMs, by: news.by });
  else if (news.kind === "root") tell({ kind: "root", at });
  else if (news.kind === "data-lost") tell({ kind: "lost", source: news.source, from: news.from, to: news.to });
});
// What happened before anybody listened.
for (const { kind, peerId } of network.paths()) {
  if (kind === "parent") tell({ kind: "parent", at: Date.now(), peerId });
}

function publish(size: number): void {
  application.send(`${orders.peerId}/${++published}/`.padEnd(size, "x"));
}

setInterval(() => {
  if (published > told) tell({ kind: "published", at: Date.now(), first: told + 1, last: published });
  told = published;
  if (got.size > 0) tell({ kind: "got", messages: Object.fromEntries(got) });
  got = new Map();
}, 100);

process.on("message", async (command: Command) => {
  if (command.kind === "publish") publish(command.size);
  else if (command.kind === "publish-every") {
    clearInterval(every);
    if (command.ms > 0) every = setInterval(() => publish(command.size), command.ms);
  } else if (command.kind === "paths") tell({ kind: "paths", paths: network.paths() });
  else {
    clearInterval(every);
    await peer.close();
    process.exit(0);
  }
});
tell({ kind: "joined" });
