import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { expect, test } from "vitest";
import { damage, generator, mutate } from "../net/test/mutate.js";
import { createMemoryStore } from "../store/memory-store.js";
import { fieldDialects } from "./dialects/dialect.js";
import type { Homs } from "./homs.js";
import { startHomsServer } from "./server.js";
import { closed, creationInfo, FakeClock, recordingLogger } from "./test/harness.js";

const inputs = 50_000;
const seed = Number(process.env.MP2P_FUZZ_SEED ?? 4103);

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

function send(url: string, agent: Agent, method: string, headers: Record<string, string>, body: Buffer) {
  return new Promise<Reply>((resolve, reject) => {
    const length = { "content-length": body.length };
    const outgoing = request(url, { agent, method, headers: { ...headers, ...length } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on("error", reject);
    });
    outgoing.on("error", reject).end(body);
  });
}

/** Everything that a request may not have changed when it was refused. */
function state(homs: Homs): string {
  const { registry } = homs.context();
  const overlays = [...registry.overlays.values()];
  return JSON.stringify(overlays.map(({ record, members }) => [record, [...members].map((peer) => peer.record)]));
}

test.each([
  ["in the form of the text", []],
  ["in all dialects", fieldDialects],
] as const)(
  `${inputs} damaged requests (seed ${seed}), %s: each is answered in order, refusals change nothing, secrets stay in`,
  async (_form, dialects) => {
    const random = generator(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const logger = recordingLogger();
    // Lifetimes end, but never between a request and the look at what it did.
    const clock = new FakeClock();
    const server = await startHomsServer({
      store: createMemoryStore(),
      logger,
      clock,
      limits: { overlays: 4, peers: 3, costmap: 20 },
      dialects,
      signalling: { port: 0 },
      // Lost peers go when nobody asks: not here.
      losses: { confirmMs: Number.POSITIVE_INFINITY },
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { homs } = server;

    /** A request that is right, or was until an overlay or peer went. */
    const valid = (): [method: string, path: string, body: object] => {
      const [overlay] = [pick([...homs.context().registry.overlays.values()])];
      const id = overlay?.record.overlayId ?? "none";
      const peer = { "peer-id": pick(["a", "b", "c", "d"]), address: "tcp://h:1", auth: { password: "PEERSECRET" } };
      const auth = { admin_key: "admin-secret" };
      const asked = {
        "overlay-id": id,
        type: overlay?.record.type ?? "core",
        "sub-type": overlay?.record.subType ?? "tree",
      };
      const status = { num_primary: 1, num_out_candidate: 0, num_in_candidate: 0, costmap: { primary: ["a", "b"] } };
      const field = {
        ...peer,
        "ticket-id": pick([-1, 1, 2]),
        expires: 60,
        ...(random() < 0.5 ? { "instance-id": pick([1, 2, 0, -1]) } : {}),
      };
      const key = { ...peer, auth: { ...peer.auth, "public-key": pick(["A", "x"]).repeat(43) } };
      const wrapped = { ...status, costmap: { peer_id: "a", costmap: status.costmap } };
      return pick<[string, string, object]>([
        ["POST", "/homs", { overlay: { ...creationInfo, expires: pick([0, 60]), "heartbeat-timeout": 15 } }],
        ["POST", pick(["/peer", "/peer?recovery=true"]), { overlay: asked, peer: field }],
        ["POST", "/peer", { overlay: { ...asked, recovery: pick([true, false]), "ticket-id": 1 }, peer: key }],
        ["PUT", "/peer", { overlay: { "overlay-id": id }, peer: field }],
        ["POST", "/peer/report", { overlay: { "overlay-id": id }, peer: { ...peer, status: wrapped } }],
        ["POST", "/peer/report", { overlay: { "overlay-id": id }, peer, status: { ...status, lost: ["b", "c"] } }],
        [
          "POST",
          "/homs",
          {
            overlay_info: { ...creationInfo, ...(random() < 0.5 ? closed({ access_key: "k", peerlist: ["a"] }) : {}) },
          },
        ],
        [
          "PUT",
          "/homs",
          {
            overlay: {
              "overlay-id": id,
              "owner-id": "owner",
              title: "t",
              expires: 60,
              auth: { ...auth, type: "open" },
            },
          },
        ],
        ["DELETE", "/homs", { overlay: { "overlay-id": id, "owner-id": "owner", auth } }],
        ["GET", "/homs", {}],
        ["POST", "/peer", { overlay: { ...asked, auth: { access_key: "k" } }, peer }],
        ["POST", "/peer", { overlay: { ...asked, recovery: true, "ticket-id": "1" }, peer }],
        ["PUT", "/peer", { overlay: { "overlay-id": id, expires: 60 }, peer }],
        ["POST", "/peer/report", { overlay: { "overlay-id": id }, peer, status }],
        ["DELETE", "/peer", { overlay: { "overlay-id": id }, peer }],
      ]);
    };

    const counts = new Map<number, number>();
    let before = state(homs);
    for (let i = 0; i < inputs; i++) {
      const [method, path, body] = structuredClone(valid());
      if (random() < 0.8) mutate(body, random);
      let octets = Buffer.from(JSON.stringify(body));
      if (random() < 0.15) octets = Buffer.from(damage(octets.toString(), random));
      const query =
        random() < 0.1
          ? pick(["?recovery=true", "?title=%", "?overlay-id=a&overlay-id=b", "?%ff", "?title=%00", "?=&&="])
          : "";
      const type =
        random() < 0.03 ? pick(["text/plain", "application/json; charset=utf-16", "", "a/b/c"]) : "application/json";
      const verb = random() < 0.03 ? pick(["PATCH", "OPTIONS", "HEAD", "TRACE"]) : method;

      const what = `input ${i}: ${verb} ${path}${query} (${type}) ${octets.length} octets: ${octets.toString("latin1").slice(0, 300)}`;
      const answered = send(`${server.url}${path}${query}`, agent, verb, { "content-type": type }, octets);
      const { status, headers, text } = await answered.catch((error: Error) =>
        expect.fail(`${error.message}: ${what}`),
      );
      const shown = `${what} → ${status} ${text.slice(0, 300)}`;
      counts.set(status, (counts.get(status) ?? 0) + 1);
      expect(status < 500 || status === 503, shown).toBe(true);
      for (const secret of ["admin-secret", "PEERSECRET"]) expect(text.includes(secret), shown).toBe(false);
      if (status < 400) {
        clock.advance(20);
        before = state(homs);
        continue;
      }
      if (verb !== "HEAD") {
        expect(headers["content-type"], shown).toMatch(/^application\/problem\+json/);
        expect(JSON.parse(text), shown).toMatchObject({ status, title: expect.any(String) });
      }
      if (state(homs) !== before) expect.fail(`a refusal changed the state: ${shown}`);
    }

    // Both sides of every primitive were reached, and the log kept quiet about what it saw.
    for (const status of [200, 400, 403, 404, 405, 409, 415, 503])
      expect(counts.get(status) ?? 0, `${status}`).toBeGreaterThan(50);
    const log = logger.lines.join("\n");
    for (const secret of ["admin-secret", "PEERSECRET"]) expect(log).not.toContain(secret);
    expect(log).not.toContain("request failed");
    agent.destroy();
    await server.close();
  },
);
