import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { expect, test } from "vitest";
import { damage, generator, mutate } from "../net/test/mutate.js";
import { createMemoryStore } from "../store/memory-store.js";
import type { Pams } from "./pams.js";
import { startPamsServer } from "./server.js";

const inputs = 100_000;
const seed = Number(process.env.MP2P_FUZZ_SEED ?? 6091);

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

function send(url: string, agent: Agent, method: string, type: string, body: Buffer | undefined) {
  return new Promise<Reply>((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": type, "content-length": body.length };
    const outgoing = request(url, { agent, method, headers }, (response) => {
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
function state({ core }: Pams): string {
  return JSON.stringify(
    [...core.overlays].map(([id, { peers }]) => [id, [...peers].map(([, peer]) => [peer.id, peer])]),
  );
}

test(`${inputs} damaged requests (seed ${seed}): each is answered, refusals change nothing`, async () => {
  const random = generator(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const server = await startPamsServer({ store: createMemoryStore(), limits: { overlays: 3, peers: 6 } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const fragments = { fragment: [1, 2, 5], num_of_fragment: 9, fragment_size: 100 };
  const bounds = { start_fragment_id: 3, end_fragment_id: 8 };

  /** A request that is right, or was until its overlay network or peer went. */
  const valid = (): [method: string, path: string, body?: object] => {
    const overlay = `/pams/${pick(["a", "b", "ü%20"])}`;
    const peer = pick(["p", "q", "r"]);
    const dynamic_status = {
      overlay_event: "STARTED",
      uploaded: "10",
      downloaded: 5,
      left: "0",
      fragment_event: [
        { fragment_event_type: "DOWNLOADED", fragment_id: "4", fragment_integrity: true, to: "p", from: "q" },
      ],
      fragment_list: fragments,
      fragment_range: bounds,
      num_upload_connection: 10,
    };
    const peer_query_condition = {
      overlay_status: "STARTED",
      max_peer_num: 2,
      ordering: "UPLOADED",
      peer_id: ["p", "q"],
      service_class: 1,
      fragment_list: { fragment: [1] },
      fragment_range: bounds,
    };
    return pick<[string, string, object?]>([
      [
        "POST",
        "/pams/",
        { overlay_network_information: { overlay_network_id: pick(["a", "b", "ü "]), content_type: "FILE" } },
      ],
      ["POST", `${overlay}/peer/`, { peer_information: { peer_id: peer, type: "PEER", delegation_id: "d" } }],
      ["PUT", `${overlay}/peer/${peer}/`, { peer_status: { dynamic_status, static_status: { max_up_bw: 1 } } }],
      ["PUT", `${overlay}/peer/${peer}`, { "peer_status ": { dynamic_status } }],
      ["GET", `${overlay}/peer`, { peer_query_condition }],
      ["GET", `${overlay}/peers?ordering=${pick(["LEFT", "%", "left"])}&max_peer_num=${pick(["1", "-1", "x"])}`],
      ["GET", `${overlay}/peers/${peer}`],
      ...(random() < 0.2 ? ([["DELETE", `${overlay}/peers/${peer}`]] as [string, string][]) : []),
      ...(random() < 0.1 ? ([["DELETE", `${overlay}/`]] as [string, string][]) : []),
    ]);
  };

  const counts = new Map<string, number>();
  let before = state(server.pams);
  for (let i = 0; i < inputs; i++) {
    const [method, path, body] = structuredClone(valid());
    if (body !== undefined && random() < 0.6) mutate(body, random);
    let octets = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    if (octets !== undefined && random() < 0.1) octets = Buffer.from(damage(octets.toString(), random));
    const target =
      random() < 0.05
        ? path + pick(["/", "//", "%", "%00", "%2f", "?a=%", "/../x", "x".repeat(300), "?".repeat(50)])
        : path;
    const type =
      random() < 0.03 ? pick(["text/plain", "application/json; charset=utf-16", "", "a/b/c"]) : "application/json";
    const verb = random() < 0.03 ? pick(["PATCH", "OPTIONS", "HEAD", "TRACE"]) : method;

    const what = `input ${i}: ${verb} ${target} (${type}) ${octets?.toString("latin1").slice(0, 300)}`;
    const answered = send(`${server.url}${target}`, agent, verb, type, octets);
    const { status, headers, text } = await answered.catch((error: Error) => expect.fail(`${error.message}: ${what}`));
    const shown = `${what} → ${status} ${text.slice(0, 300)}`;
    const key = `${verb} ${status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    expect(status < 500 || status === 503, shown).toBe(true);
    if (status < 400) {
      before = state(server.pams);
      continue;
    }
    // The statuses that the Recommendation gives have no body; every other refusal says why.
    if (text !== "") {
      expect(headers["content-type"], shown).toMatch(/^application\/problem\+json/);
      expect(JSON.parse(text), shown).toMatchObject({ status });
    } else if (verb !== "HEAD") {
      expect([404, 405, 409], shown).toContain(status);
    }
    if (state(server.pams) !== before) expect.fail(`a refusal changed the state: ${shown}`);
  }

  // Both sides of every method were reached.
  for (const key of [
    "POST 200",
    "POST 400",
    "POST 404",
    "POST 409",
    "POST 503",
    "PUT 200",
    "PUT 400",
    "PUT 404",
    "GET 200",
    "GET 400",
    "GET 409",
    "DELETE 200",
    "DELETE 404",
    "PATCH 405",
  ]) {
    expect(counts.get(key) ?? 0, key).toBeGreaterThan(20);
  }
  agent.destroy();
  await server.close();
});
