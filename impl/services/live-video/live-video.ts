import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createCsClient } from "../../../generated/cs/index.js";
import { unwrap } from "../../../generated/runtime/http-result.js";
import type { Actor } from "../stage/actor.js";
import { type Finding, named, type Production, type Service, startAll } from "../stage/direct.js";
import { remains } from "../stage/remains.js";
import { frameHashes, needEncoder, probe, startCamera } from "../stage/video.js";
import { watcherRole } from "./watcher.js";

/** A live video [X.609.10 6, 8.11]: an encoder sends RTP to a cache server, which is the source peer; peers write what a player reads. */
export const liveVideo: Service = {
  description:
    "a live video: ffmpeg over RTP to a cache server, over R10 to peers, one of them late; each writes what the cache server took in, and a player plays it [X.609.10 8.11] (needs ffmpeg)",
  options: {
    peers: { default: 8, description: "peers that watch, one of them late" },
    seconds: { default: 12, description: "length of the video" },
  },
  servers: ["pams", "ixs", "oms", "cs"],
  roles: { watcher: watcherRole },
  direct,
};

const TITLE = "A live video";
/** Pictures per second of the camera. */
const RATE = 25;

async function direct(production: Production): Promise<readonly Finding[]> {
  await needEncoder();
  const { folder, number, tell, urls } = production;
  const seconds = number("seconds");

  // 1. The data source has the cache server make a session [8.11], and its peers find it.
  const cs = createCsClient({ baseUrl: String(urls.cs) });
  const made = await cs.CS_SESSION_CREATE({
    body: {
      session: {
        title: TITLE,
        description: "Moving pictures and a tone.",
        data_source_id: "camera",
        data_id: "1",
        content_type: "STREAM",
        fragment_size: 32_768,
        methods: ["rtp"],
      },
    },
  });
  if (made.status !== 200) throw new Error(`the cache server made no session: ${made.code}`);
  const { session_id, session_token, ingest } = made.body.session;
  const rtp = ingest.find(({ method }) => method === "rtp")?.url;
  if (rtp === undefined) throw new Error("the cache server takes no RTP");
  const [late = "late", ...early] = named("watcher", number("peers")).reverse();
  const fileOf = (name: string): string => join(folder, `${name}.ts`);
  const wishes = (name: string) => ({ title: TITLE, file: fileOf(name) });
  const watchers: Actor[] = [...(await startAll(production, "watcher", early, wishes))];
  await Promise.all(watchers.map((one) => one.heard("linked")));
  tell(`${watchers.length} peers watch; the camera sends to ${rtp}`);

  // 2. The camera sends, and somebody comes late.
  const camera = startCamera(0, seconds, { to: rtp, copy: fileOf("camera") });
  const sent = once(camera, "exit");
  await sleep(seconds * 500);
  watchers.push(...(await startAll(production, "watcher", [late], wishes)));
  tell(`${late} came late`);
  await sent;
  await sleep(1_000);

  // 3. Whoever has the token says that it is over, which RTP cannot; what is on its way arrives.
  const owner = createCsClient({ baseUrl: String(urls.cs), auth: { bearer: session_token } });
  const params = { SID: session_id };
  const last = await owner.CS_SESSION_POST({ params, body: { datum: { last: true } } });
  if (!last.ok) throw new Error(`the cache server did not end the stream: ${last.code}`);
  const over = await Promise.all(watchers.map((one) => one.heard("over")));
  const { session_status: taken } = unwrap(await owner.CS_SESSION_QUERY({ params }));
  tell(`the cache server took ${taken.data} packets in, ${taken.octets} octets`);

  // 4. Termination [7.1.3]: nothing remains.
  const ended = await owner.CS_SESSION_TERMINATE({ params });
  if (!ended.ok) throw new Error(`the cache server did not end the session: ${ended.code}`);
  await Promise.all(watchers.map((one) => one.stop()));
  const left = await remains(production);

  const [whole, cut] = [readFileSync(fileOf(early[0] ?? "")), readFileSync(fileOf(late))];
  const findings: Finding[] = [];
  for (const [index, { name }] of watchers.entries()) {
    const said = over[index];
    const octets = readFileSync(fileOf(name));
    const { streams, pictures } = await probe(fileOf(name));
    const playable = streams.includes("video") && streams.includes("audio") && pictures >= RATE;
    const complete = said?.first === 0 && octets.length === taken.octets && octets.equals(whole);
    findings.push({
      what:
        name === late
          ? `${name} has a playable video`
          : `${name} has a playable video, all that the cache server took in`,
      holds: playable && said?.missed === 0 && (name === late || complete),
      seen: `${pictures} pictures, ${octets.length} octets of ${taken.octets}; from fragment ${String(said?.first)}, ${String(said?.missed)} missed, latest ${String(said?.latestMs)} ms`,
    });
  }
  const frames = async (name: string): Promise<string[]> => (await frameHashes(fileOf(name))).map(content);
  const [sentFrames, gotFrames] = [await frames("camera"), new Set(await frames(early[0] ?? ""))];
  const shared = sentFrames.filter((one) => gotFrames.has(one)).length;
  const firstGone = sentFrames.findIndex((one) => !gotFrames.has(one));
  const { lost = 0 } = taken;
  return [
    {
      what: "what the peers play is what the camera sent",
      // The encoder does not send its last, half-filled packet; and nobody sends a packet of RTP again: what UDP lost is not there.
      holds:
        shared >= 0.9 * sentFrames.length && (lost > 0 || firstGone === -1 || firstGone >= 0.95 * sentFrames.length),
      seen: `${shared} of ${sentFrames.length} frames of picture and sound; ${lost} packets lost on the way to the cache server`,
    },
    ...findings,
    {
      what: `${late} was late and has everything from its joining on`,
      holds: Number(over.at(-1)?.first) > 0 && cut.length > 0 && whole.subarray(-cut.length).equals(cut),
      seen: `the last ${cut.length} octets of ${whole.length}, from fragment ${String(over.at(-1)?.first)} on`,
    },
    { what: "nothing of the session remains on any server [7.1.3]", holds: left === "", seen: left || "nothing" },
  ];
}

/** The hash alone: a file counts time from its own beginning. */
const content = (line: string): string => line.slice(line.lastIndexOf(",") + 1).trim();
