import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { clientOf, delayMs, octetsOf, Stage } from "../test/stage.js";

const stage = new Stage();
afterEach(() => stage.close());

const missing = ["ffmpeg", "ffprobe"].filter((name) => spawnSync(name, ["-version"]).error !== undefined);
if (missing.length > 0) console.warn(`skipped, since ${missing.join(" and ")} cannot be started: RTP of a real sender`);

/** What ffprobe finds in a file: frames of video, and of sound. */
function frames(file: string): { video: number; audio: number } {
  const count = (kind: "v" | "a"): number => {
    const args = [
      "-v",
      "error",
      "-count_frames",
      "-select_streams",
      `${kind}:0`,
      "-show_entries",
      "stream=nb_read_frames",
    ];
    return Number.parseInt(execFileSync("ffprobe", [...args, "-of", "csv=p=0", file], { encoding: "utf8" }), 10);
  };
  return { video: count("v"), audio: count("a") };
}

test.skipIf(missing.length > 0)(
  "a live video of ffmpeg by RTP is playable at every peer, the late joiner included",
  async () => {
    const servers = await stage.servers();
    const cs = await stage.cacheServer({ ...servers, times: { flushMs: 100 } });
    const created = await clientOf(cs).CS_SESSION_CREATE({
      body: {
        session: {
          title: "video",
          data_source_id: "camera",
          data_id: "live",
          content_type: "STREAM",
          methods: ["rtp"],
          fragment_size: 188 * 70,
        },
      },
    });
    if (created.status !== 200) throw new Error(JSON.stringify(created.body));
    const { session } = created.body;
    const enter = async () => {
      const peer = await stage.peer({ ixs: servers.ixs });
      return peer.join(await peer.find({ title: "video" }), { settings: { delayMs } });
    };
    const early = await enter();
    const whole = octetsOf(early);
    await expect.poll(() => early.state.links.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const sender = spawn(
      "ffmpeg",
      [
        ["-hide_banner", "-loglevel", "error", "-re"],
        ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=25"],
        ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"],
        ["-t", "6", "-c:v", "mpeg2video", "-g", "12", "-b:v", "800k", "-c:a", "mp2", "-b:a", "128k"],
        ["-f", "rtp_mpegts", session.ingest[0]?.url ?? ""],
      ].flat(),
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    const status = async () => {
      const client = clientOf(cs, session.session_token);
      const { body } = await client.CS_SESSION_QUERY({ params: { SID: session.session_id } });
      return (body as { session_status: { data: number; lost: number; refused: number; octets: number } })
        .session_status;
    };
    await expect.poll(async () => (await status()).octets, { timeout: 30_000 }).toBeGreaterThan(200_000);
    const late = octetsOf(await enter());
    const [code] = (await once(sender, "exit")) as [number];
    expect(code).toBe(0);
    const client = clientOf(cs, session.session_token);
    await expect.poll(async () => (await status()).octets, { timeout: 10_000 }).toBeGreaterThan(400_000);
    // RTP has no word for the end: whoever has the token says it.
    const ended = await client.CS_SESSION_POST({
      params: { SID: session.session_id },
      body: { datum: { last: true } },
    });
    expect(ended.status).toBe(200);

    const folder = stage.folder();
    const [all, rest] = await Promise.all([whole, late]);
    const files = [all, rest].map((octets, i) => {
      const file = join(folder, `${i}.ts`);
      writeFileSync(file, octets);
      return file;
    });
    expect((await status()).lost).toBe(0);
    expect(all.length).toBe((await status()).octets);
    const seen = frames(files[0] ?? "");
    // 6 s of 25 frames; ffmpeg may keep the last group of pictures' tail to itself.
    expect(seen.video).toBeGreaterThan(140);
    expect(seen.audio).toBeGreaterThan(200);
    const laterSeen = frames(files[1] ?? "");
    expect(laterSeen.video).toBeGreaterThan(25);
    expect(laterSeen.video).toBeLessThan(seen.video);
  },
);
