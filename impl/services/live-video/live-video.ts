import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createCsClient } from "../../../generated/cs/index.js";
import type { Actor } from "../stage/actor.js";
import { type Finding, named, type Production, type Service, startAll } from "../stage/direct.js";
import { remains } from "../stage/remains.js";
import { frameHashes, needEncoder, probe, startCamera } from "../stage/video.js";
import { watcherRole } from "./watcher.js";

/** A live video [X.609.10 6, 8.11]: an encoder sends RTP to a cache server, which is the source peer; peers write what a player reads. */
export const liveVideo: Service = {
  description:
    "a live video: ffmpeg over RTP to a cache server, over R10 to peers, one of them late [X.609.10 8.11] (needs ffmpeg)",
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
  const wishes = (name: string) => ({ title: TITLE, file: join(folder, `${name}.ts`) });
  const watchers: Actor[] = [...(await startAll(production, "watcher", early, wishes))];
  tell(`${watchers.length} peers watch; the camera sends to ${rtp}`);

  // 2. The camera sends, and somebody comes late.
  const camera = startCamera(0, seconds, rtp);
  const sent = once(camera, "exit");
  await sleep(seconds * 500);
  watchers.push(...(await startAll(production, "watcher", [late], wishes)));
  tell(`${late} came late`);
  await sent;
  await sleep(1_000);

  // 3. Termination [7.1.3]: whatever is still on its way arrives, then nothing remains.
  const owner = createCsClient({ baseUrl: String(urls.cs), auth: { bearer: session_token } });
  const ended = await owner.CS_SESSION_TERMINATE({ params: { SID: session_id } });
  if (!ended.ok) throw new Error(`the cache server did not end the session: ${ended.code}`);
  const over = await Promise.all(watchers.map((one) => one.heard("over")));
  await Promise.all(watchers.map((one) => one.stop()));
  const left = await remains(production);

  const reference = new Set((await frameHashes(join(folder, `${early[0]}.ts`))).map(content));
  const findings: Finding[] = [];
  for (const [index, { name }] of watchers.entries()) {
    const { streams, pictures } = await probe(join(folder, `${name}.ts`));
    const wanted = name === late ? (seconds * RATE) / 4 : seconds * RATE * 0.9;
    const said = over[index];
    findings.push({
      what: `${name} has a playable video`,
      holds: streams.includes("video") && streams.includes("audio") && pictures >= wanted,
      seen: `${pictures} pictures of ${seconds * RATE}; from fragment ${String(said?.first)}, ${String(said?.missed)} missed, latest ${String(said?.delayMs)} ms`,
    });
  }
  const lateFrames = await frameHashes(join(folder, `${late}.ts`));
  const shared = lateFrames.filter((one) => reference.has(content(one))).length;
  return [
    ...findings,
    {
      what: `${late} was late and sees the same pictures`,
      holds: Number(over.at(-1)?.first) > 0 && shared > 0,
      seen: `${shared} of ${lateFrames.length} frames`,
    },
    { what: "nothing of the session remains on any server [7.1.3]", holds: left === "", seen: left || "nothing" },
  ];
}

/** The hash alone: a late file counts time from its own beginning. */
const content = (line: string): string => line.slice(line.lastIndexOf(",") + 1).trim();
