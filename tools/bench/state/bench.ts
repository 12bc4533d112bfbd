import { PamsCore } from "../../../impl/pams/core.js";
import { defaultLimits, defaultPolicy } from "../../../impl/pams/policy.js";
import type { PeerStatus } from "../../../impl/pams/types.js";
import { compare, type Goal, median, printGoals, printRanking } from "../rounds.js";

const peers = 1_000_000;
const best = 50;

/** The best 50 of 1,000,000 peers by what they uploaded, while reports come in: kept ranking against a look at all. */
export async function benchState(rounds: number): Promise<readonly Goal[]> {
  const { core, report } = filled();
  console.log(`${peers} peers, ${memoryPerPeer()} octets of heap each`);
  let next = 0;
  const condition = { ordering: "UPLOADED", max_peer_num: best } as const;
  const worst: number[] = [];
  const contenders = [
    {
      name: "ranking kept by reports",
      round: () => {
        const times = Array.from({ length: 200 }, () => {
          for (let i = 0; i < 50; i++) report(next++);
          return timed(() => core.listPeers("bench", condition));
        });
        worst.push(Math.max(...times));
        return median(times);
      },
    },
    { name: "one look at all peers", round: () => timed(() => scan(core)) },
  ];
  core.listPeers("bench", condition);
  let longestStep = 0;
  for (let working = true; working; )
    longestStep = Math.max(
      longestStep,
      timed(() => (working = core.upkeep())),
    );

  const ranking = await compare(contenders, { rounds, reference: "one look at all peers" });
  printRanking(`Best ${best} of ${peers} peers, Node ${process.versions.node}`, "ms", ranking);
  console.log(
    `worst of ${worst.length * 200} queries ${Math.max(...worst).toFixed(2)} ms, longest step of making the ranking ${longestStep.toFixed(1)} ms`,
  );
  const plain = filled();
  const reports = await compare(
    [
      { name: "report, no ranking to keep", round: () => perReport(plain.report) },
      { name: "report, one ranking to keep", round: () => perReport(report) },
    ],
    { rounds, reference: "report, no ranking to keep" },
  );
  printRanking(`A report among ${peers} peers, without HTTP and store`, "µs", reports);
  const measured = ranking[0]?.median ?? Number.NaN;
  const goals = [{ what: `pams: best ${best} of ${peers} peers, ms`, wanted: "< 1 ms", measured, met: measured < 1 }];
  printGoals(goals);
  return goals;
}

function filled(count = peers): { core: PamsCore; report: (n: number) => void } {
  const nothing = () => {};
  const core = new PamsCore({
    policy: { ...defaultPolicy, reportInterval: 3600 },
    limits: defaultLimits,
    clock: { now: () => Date.now() },
    journal: {
      overlayRegistered: nothing,
      overlayDeregistered: nothing,
      peerRegistered: nothing,
      peerDeregistered: nothing,
      peerReported: nothing,
      accountChanged: nothing,
    },
  });
  core.registerOverlay("bench", "FILE");
  // A stride that shares no factor with the count visits every peer in an order that helps no cache.
  const report = (n: number) => core.report("bench", `peer-${(n * 7919) % count}`, statusOf(n));
  for (let i = 0; i < count; i++) core.registerPeer("bench", `peer-${i}`, { type: "PEER" });
  for (let i = 0; i < count; i++) report(i);
  return { core, report };
}

function statusOf(n: number): PeerStatus {
  return {
    dynamic_status: {
      overlay_event: n % 10 === 0 ? "COMPLETED" : "STARTED",
      uploaded: `${(n * 31_337) % 100_003}`,
      downloaded: `${(n * 977) % 50_021}`,
      left: `${n % 1000}`,
      fragment_range: { start_fragment_id: 0, end_fragment_id: n % 5000 },
      num_upload_connection: 10,
    },
  };
}

/** The limit without an index: what a plain map of peers would cost per query. */
function scan(core: PamsCore): string[] {
  const kept: { id: string; uploaded: number }[] = [];
  for (const peer of core.overlays.get("bench")?.peers.values() ?? []) {
    if (kept.length === best && peer.uploaded <= (kept[best - 1]?.uploaded ?? 0)) continue;
    const at = kept.findIndex(({ uploaded }) => uploaded < peer.uploaded);
    kept.splice(at === -1 ? kept.length : at, 0, peer);
    if (kept.length > best) kept.pop();
  }
  return kept.map(({ id }) => id);
}

/** In µs: the time of a thousand in ms. */
function perReport(report: (n: number) => void): number {
  const start = Math.floor(Math.random() * peers);
  return timed(() => {
    for (let i = 0; i < 1000; i++) report(start + i);
  });
}

function timed(act: () => unknown): number {
  const started = performance.now();
  act();
  return performance.now() - started;
}

function memoryPerPeer(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return Math.round(process.memoryUsage().heapUsed / peers);
}
