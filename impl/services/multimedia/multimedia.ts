import type { Actor } from "../stage/actor.js";
import { type Finding, named, type Production, type Service, startAll, until } from "../stage/direct.js";
import { frameHashes, needEncoder, probe } from "../stage/video.js";
import { callerRole, STORE_TITLE, WATCH_TITLE } from "./caller.js";
import { recordingFile } from "./recording.js";
import { watcherRole } from "./watcher.js";

/** Multimedia live streaming [Q.4100 9.3]: figures 9-5 and 9-6 with every peer as a process of its own. */
export const multimedia: Service = {
  description:
    "Live multimedia [Q.4100 9.3]: a video call over the core tree, watched in a SubTree, kept in a SubMesh (needs ffmpeg)",
  options: {
    seconds: { default: 6, description: "length of the two streams" },
    watchers: { default: 7, description: "peers in the SubTree: more than its source can feed by itself" },
    recorders: { default: 2, description: "peers in the SubMesh" },
  },
  servers: ["homs"],
  roles: { caller: callerRole, watcher: watcherRole },
  direct,
};

async function direct(production: Production): Promise<readonly Finding[]> {
  const { number, tell, folder } = production;
  await needEncoder();
  const seconds = number("seconds");
  const call = (camera: number, more: object) => () => ({ folder, seconds, camera, ...more });
  // 1. H-PEER A creates the overlay network, B joins it [9.3 steps 1 to 3]; the sub-overlays are there before the stream [step 5].
  const [a] = await startAll(production, "caller", ["caller-1"], call(0, { creates: true }));
  const [b] = await startAll(production, "caller", ["caller-2"], call(1, { handsOver: true }));
  if (a === undefined || b === undefined) throw new Error("two callers are wanted");
  const member = (title: string) => () => ({ folder, title });
  const watchers = await startAll(production, "watcher", named("watcher", number("watchers")), member(WATCH_TITLE));
  const recorders = await startAll(production, "watcher", named("recorder", number("recorders")), member(STORE_TITLE));
  tell(`a call of two over the core tree, ${watchers.length} watchers, ${recorders.length} recorders`);

  // 2. Both directions at once [step 4].
  const callers = [a, b];
  for (const caller of callers) caller.tell("begin");
  const sent = new Map<string, number>();
  for (const caller of callers) {
    const { octets, code, reason } = await caller.heard("finished", (seconds + 60) * 1000);
    if (code !== 0) throw new Error(`ffmpeg failed at ${caller.name}: ${String(reason ?? code)}`);
    sent.set(caller.name, Number(octets));
  }
  tell(
    `${seconds} s of video each way: ${[...sent.values()].map((octets) => `${Math.round(octets / 1024)} KiB`).join(", ")}`,
  );

  // 3. Everybody has everything; then a player looks at what came out.
  const expected = (actor: Actor): [string, number][] => [...sent].filter(([stream]) => stream !== actor.name);
  const all = [...callers, ...watchers, ...recorders];
  await until(() => {
    for (const actor of all) actor.tell("octets");
    return all.every((actor) => {
      const octets = actor.said.findLast(({ event }) => event === "octets")?.octets as
        | Record<string, number>
        | undefined;
      return expected(actor).every(([stream, wanted]) => octets?.[stream] === wanted);
    });
  });
  for (const actor of all) await actor.stop();
  const findings: Finding[] = [];
  for (const [stream] of sent) {
    const original = recordingFile(folder, "sent", stream);
    const hashes = await frameHashes(original);
    const { pictures } = await probe(original);
    findings.push({
      what: `${stream} sent a video of ${seconds} s`,
      holds: pictures === seconds * 25,
      seen: `${pictures} pictures`,
    });
    for (const { name } of all) {
      if (name !== stream)
        findings.push({
          what: `${name} can play ${stream}, every frame`,
          ...(await compare(recordingFile(folder, name, stream), hashes)),
        });
    }
  }
  return findings;
}

async function compare(file: string, hashes: readonly string[]): Promise<Omit<Finding, "what">> {
  try {
    const { streams, pictures } = await probe(file);
    const got = await frameHashes(file);
    const same = got.length === hashes.length && got.every((hash, i) => hash === hashes[i]);
    return {
      holds: same && streams.includes("video") && streams.includes("audio"),
      seen: `${pictures} pictures, ${got.length} of ${hashes.length} frames`,
    };
  } catch (error) {
    return { holds: false, seen: `nothing to play: ${(error as Error).message.split("\n")[0]}` };
  }
}
