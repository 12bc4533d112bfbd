import { type ChildProcess, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What the two callers show: pictures that differ in every frame, so that a lost or doubled one is seen. */
const pictures = ["testsrc2", "mandelbrot"];

/** @throws Error saying what to install where there is no encoder, or no player to judge what came out */
export async function needEncoder(): Promise<void> {
  for (const program of ["ffmpeg", "ffprobe"]) {
    await run(program, ["-version"]).catch(() => {
      throw new Error(`${program} is not on the path: install ffmpeg, which brings it`);
    });
  }
}

/**
 * A live video with sound at the pace of real time, as an MPEG transport stream.
 *
 * @param over an address that begins with rtp://, and a file that gets the same; otherwise it is on standard output
 */
export function startCamera(
  which: number,
  seconds: number,
  over?: { readonly to: string; readonly copy: string },
): ChildProcess {
  const picture = `${pictures[which % pictures.length]}=size=320x240:rate=25`;
  const input = (source: string): string[] => ["-re", "-f", "lavfi", "-t", String(seconds), "-i", source];
  const coding = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "25", "-c:a", "mp2"];
  const args = [
    ...input(picture),
    ...input(`sine=frequency=${440 + 110 * which}`),
    ...coding,
    ...(over === undefined
      ? ["-f", "mpegts", "pipe:1"]
      : ["-map", "0:v", "-map", "1:a", "-f", "tee", `[f=rtp_mpegts]${over.to}|[f=mpegts]${over.copy}`]),
  ];
  return spawn("ffmpeg", ["-v", "error", "-nostdin", ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

/** What a player makes of a file: a hash of every decoded frame of picture and sound, one per line. Rejects for what is no video. */
export async function frameHashes(file: string): Promise<string[]> {
  const { stdout } = await run("ffmpeg", ["-v", "error", "-nostdin", "-i", file, "-f", "framemd5", "-"], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** Kinds of stream in a file and pictures that can be decoded, as `ffprobe` sees it. */
export async function probe(file: string): Promise<{ streams: string[]; pictures: number }> {
  const what = ["-count_frames", "-show_entries", "stream=codec_type,nb_read_frames", "-of", "json"];
  const { stdout } = await run("ffprobe", ["-v", "error", ...what, file]);
  const { streams } = JSON.parse(stdout) as { streams: { codec_type: string; nb_read_frames?: string }[] };
  const video = streams.find(({ codec_type }) => codec_type === "video");
  return { streams: streams.map(({ codec_type }) => codec_type), pictures: Number(video?.nb_read_frames ?? 0) };
}
