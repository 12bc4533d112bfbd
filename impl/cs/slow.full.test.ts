import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { clientOf, Stage } from "./test/stage.js";

const stage = new Stage();
afterEach(() => stage.close());

const patience = 90_000;

/** Sends the head of a request, then an octet each half second; resolves when the cache server has ended the connection. */
function drip(url: string, head: readonly string[]): { answered: Promise<string>; over: Promise<void>; stop(): void } {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(
    [head[0]?.replace("*", pathname), "host: x", "content-length: 100000", ...head.slice(1), "", ""].join("\r\n"),
  );
  const timer = setInterval(() => socket.write("x"), 500);
  socket.on("error", () => undefined);
  const answered = new Promise<string>((resolve) =>
    socket.once("data", (octets) => resolve(octets.toString("latin1"))),
  );
  const over = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  void over.then(() => clearInterval(timer));
  return { answered, over, stop: () => void socket.destroy() };
}

test("requests that take too long are cut, answered or not; an upload that was accepted is not", {
  timeout: patience,
}, async () => {
  const servers = await stage.servers();
  const cs = await stage.cacheServer({ ...servers, authentication: { providers: ["prov"] } });
  const made = await clientOf(cs, "prov").CS_SESSION_CREATE({
    body: {
      session: { title: "t", data_source_id: "s", data_id: "d", content_type: "STREAM", methods: ["http"] },
    },
  });
  if (made.status !== 200) throw new Error(`${made.code}`);
  const { session_id, session_token } = made.body.session;
  const data = `${cs.url}/cs/sessions/${session_id}/data`;
  const octets = "content-type: application/octet-stream";
  const slow = [
    drip(`${cs.url}/cs/sessions`, ["POST * HTTP/1.1", "content-type: application/json"]),
    drip(`${cs.url}/cs/sessions/none`, ["GET * HTTP/1.1"]),
    drip(data, ["PUT * HTTP/1.1", octets]),
    drip(data.replace(session_id, "none"), ["PUT * HTTP/1.1", octets]),
  ];
  const upload = drip(data, ["PUT * HTTP/1.1", octets, `authorization: Bearer ${session_token}`]);
  expect((await Promise.all(slow.map(({ answered }) => answered))).map((text) => text.slice(9, 12))).toEqual([
    "401",
    "404",
    "401",
    "404",
  ]);
  await Promise.all(slow.map(({ over }) => over));
  const client = clientOf(cs, session_token);
  const received = async () => {
    const { body } = await client.CS_SESSION_QUERY({ params: { SID: session_id } });
    return (body as { session_status: { received: number } }).session_status.received;
  };
  const before = await received();
  expect(before).toBeGreaterThan(0);
  await expect.poll(received, { timeout: 20_000 }).toBeGreaterThan(before);
  upload.stop();
});
