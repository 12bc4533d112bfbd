import { afterEach, describe, expect, test } from "vitest";
import { selfSignedCertificate } from "../net/test/certificate.js";
import { createMemoryStore } from "../store/memory-store.js";
import { type PamsServer, type PamsServerOptions, startPamsServer } from "./server.js";
import { type Answer, exchange } from "./test/exchange.js";

const servers: PamsServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

type Send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

async function serve(options: Partial<PamsServerOptions> = {}): Promise<Send & { server: PamsServer }> {
  const server = await startPamsServer({ store: createMemoryStore(), ...options });
  servers.push(server);
  return Object.assign<Send, { server: PamsServer }>((...parts) => exchange(server.url, ...parts), { server });
}

/** A PAMS with overlay network "o" and peer "p". */
async function serveFilled(options: Partial<PamsServerOptions> = {}) {
  const send = await serve(options);
  await send("POST", "/pams/", overlay("o"));
  await send("POST", "/pams/o/peer/", peer("p"));
  return send;
}

const overlay = (overlay_network_id: string) => ({
  overlay_network_information: { overlay_network_id, content_type: "FILE" },
});
const peer = (peer_id: string) => ({ peer_information: { peer_id, type: "PEER" } });
const report = (uploaded = "100") => ({
  peer_status: {
    dynamic_status: { overlay_event: "STARTED", uploaded, downloaded: "5", left: "50", num_upload_connection: 10 },
    static_status: { max_up_bw: 1000, max_num_conn_for_dn: 3 },
  },
});

test("the life of an overlay network and its peers [8.1]", async () => {
  const send = await serve();
  const pams_url = `${send.server.url}/pams/`;

  const created = await send("POST", "/pams/", overlay("o"));
  expect(created).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
  expect(created.body).toEqual({ pam_conf_info: { pam_enabled: true, pams_url, report_interval: 10 } });

  for (const id of ["p", "q"]) {
    const joined = await send("POST", "/pams/o/peer/", peer(id));
    expect([joined.status, joined.body]).toEqual([200, { pam_conf_info: { pams_url, report_interval: 10 } }]);
  }
  expect(await send("PUT", "/pams/o/peer/p/", report())).toMatchObject({ status: 200, body: "" });
  expect(await send("PUT", "/pams/o/peer/q/", report("200"))).toMatchObject({ status: 200, body: "" });

  const condition = { peer_query_condition: { ordering: "UPLOADED", max_peer_num: 2, overlay_status: "STARTED" } };
  expect(await send("GET", "/pams/o/peer", condition)).toMatchObject({
    status: 200,
    body: { peer_list: { peer_id: ["q", "p"] } },
  });
  expect((await send("GET", "/pams/o/peers/p")).body).toEqual(report());

  expect(await send("DELETE", "/pams/o/peers/p")).toMatchObject({ status: 200, body: "" });
  expect((await send("GET", "/pams/o/peer")).body).toEqual({ peer_list: { peer_id: ["q"] } });
  expect(await send("DELETE", "/pams/o/")).toMatchObject({ status: 200, body: "" });
  expect(await send("PUT", "/pams/o/peer/q/", report())).toMatchObject({ status: 404, body: "" });
});

describe("declared refusals, without a body", () => {
  test.each<[string, number, string, string, unknown?]>([
    ["overlay network registered twice [Table 2, E-PAMP-05]", 409, "POST", "/pams/", overlay("o")],
    ["unknown overlay network deregistered [Table 4]", 404, "DELETE", "/pams/x/"],
    ["peer registered in an unknown overlay network [Table 6]", 404, "POST", "/pams/x/peer/", peer("p")],
    ["peer registered twice [Table 6, E-PAMP-07]", 409, "POST", "/pams/o/peer/", peer("p")],
    ["unknown peer deregistered [Table 8]", 404, "DELETE", "/pams/o/peers/x"],
    ["peer deregistered from an unknown overlay network [E-PAMP-42]", 404, "DELETE", "/pams/x/peers/p"],
    ["report of an unknown peer [Table 10]", 404, "PUT", "/pams/o/peer/x/", report()],
    ["report into an unknown overlay network [Table 10]", 404, "PUT", "/pams/x/peer/p/", report()],
    ["list of an unknown overlay network [Table 12]", 409, "GET", "/pams/x/peer", { peer_query_condition: {} }],
    ["query of an unknown peer [Table 14]", 409, "GET", "/pams/o/peers/x"],
    ["query in an unknown overlay network [E-PAMP-42]", 409, "GET", "/pams/x/peers/p"],
  ])("%s: %i", async (_name, status, method, path, body) => {
    const send = await serveFilled();
    expect(await send(method, path, body)).toMatchObject({ status, body: "" });
  });
});

describe("forms understood beside the printed ones", () => {
  test.each<[string, string, string, unknown?]>([
    ["POST", "/pams", "E-PAMP-02", overlay("new")],
    ["DELETE", "/pams/o", "E-PAMP-02"],
    ["POST", "/pams/o/peer", "E-PAMP-02", peer("new")],
    ["POST", "/pams/o/peers/", "E-PAMP-01", peer("new")],
    ["DELETE", "/pams/o/peer/p", "E-PAMP-01"],
    ["DELETE", "/pams/o/peers/p/", "E-PAMP-02"],
    ["PUT", "/pams/o/peer/p", "E-PAMP-02", report()],
    ["PUT", "/pams/o/peers/p/", "E-PAMP-01", report()],
    ["GET", "/pams/o/peers", "E-PAMP-01", { peer_query_condition: {} }],
    ["GET", "/pams/o/peer/", "E-PAMP-02", { peer_query_condition: {} }],
    ["GET", "/pams/o/peer?ordering=UPLOADED&max_peer_num=1&peer_id=p", "E-PAMP-12"],
    ["GET", "/pams/o/peer", "E-PAMP-12"],
    ["POST", "/pams/o/peer/query", "E-PAMP-12", { peer_query_condition: {} }],
    ["GET", "/pams/o/peer/p", "E-PAMP-01"],
  ])("%s %s [%s]", async (method, path, _erratum, body) => {
    const send = await serveFilled();
    expect((await send(method, path, body)).status).toBe(200);
  });

  test("the report as printed: a blank in the name, amounts as numbers [E-PAMP-08, E-PAMP-09]", async () => {
    const send = await serveFilled();
    const printed = { "peer_status ": { dynamic_status: { overlay_event: "STARTED", uploaded: 10000, left: 50000 } } };
    expect((await send("PUT", "/pams/o/peer/p", printed)).status).toBe(200);
    expect((await send("GET", "/pams/o/peers/p")).body).toEqual({
      peer_status: { dynamic_status: { overlay_event: "STARTED", uploaded: "10000", left: "50000" } },
    });
  });

  test("identifiers in any script, percent-encoded [E-PAMP-56]", async () => {
    const send = await serve();
    const id = "größe/und ?#%\u0001";
    await send("POST", "/pams/", overlay(id));
    const base = `/pams/${encodeURIComponent(id)}`;
    expect((await send("POST", `${base}/peer/`, peer(id))).status).toBe(200);
    expect((await send("GET", `${base}/peer`)).body).toEqual({ peer_list: { peer_id: [id] } });
    expect((await send("DELETE", `${base}/peers/${encodeURIComponent(id)}`)).status).toBe(200);
  });
});

describe("bad input: refused with a reason, state unchanged, server alive", () => {
  test.each<[string, number, string, string, unknown, string]>([
    ["text that is no JSON", 400, "POST", "/pams/o/peer/", '{"peer_information":', ""],
    [
      "a missing peer_id",
      400,
      "POST",
      "/pams/o/peer/",
      { peer_information: { type: "PEER" } },
      "/peer_information/peer_id",
    ],
    [
      "a peer_id of the wrong type",
      400,
      "POST",
      "/pams/o/peer/",
      { peer_information: { peer_id: 7 } },
      "/peer_information/peer_id",
    ],
    [
      "an amount that is none",
      400,
      "PUT",
      "/pams/o/peer/p/",
      { peer_status: { dynamic_status: { uploaded: "-1" } } },
      "/peer_status/dynamic_status/uploaded",
    ],
    [
      "a reversed range",
      400,
      "PUT",
      "/pams/o/peer/p/",
      { peer_status: { dynamic_status: { fragment_range: { start_fragment_id: 2, end_fragment_id: 1 } } } },
      "/peer_status/dynamic_status/fragment_range",
    ],
    [
      "a reversed range in a query",
      400,
      "GET",
      "/pams/o/peer",
      { peer_query_condition: { fragment_range: { start_fragment_id: 2, end_fragment_id: 1 } } },
      "/peer_query_condition/fragment_range",
    ],
    [
      "a negative maximum",
      400,
      "GET",
      "/pams/o/peer",
      { peer_query_condition: { max_peer_num: -1 } },
      "/peer_query_condition/max_peer_num",
    ],
    ["a wrong method", 405, "PATCH", "/pams/o/peer/p/", report(), ""],
  ])("%s: %i", async (_name, status, method, path, body, member) => {
    const send = await serveFilled();
    await send("PUT", "/pams/o/peer/p/", report());
    const answer = await send(method, path, body);
    expect(answer).toMatchObject({ status, headers: { "content-type": "application/problem+json" }, body: { status } });
    if (member !== "")
      expect(answer.body).toMatchObject({ errors: [{ member, clause: expect.stringMatching(/^X\.609\.1 9\./) }] });
    expect((await send("GET", "/pams/o/peer")).body).toEqual({ peer_list: { peer_id: ["p"] } });
    expect((await send("GET", "/pams/o/peers/p")).body).toEqual(report());
  });
});

describe("choices of the operator", () => {
  test("repeated registrations as signs of life [E-X-01]", async () => {
    const send = await serveFilled({ policy: { duplicates: "keep-alive" } });
    expect((await send("POST", "/pams/", overlay("o"))).body).toMatchObject({ pam_conf_info: { pam_enabled: true } });
    expect((await send("POST", "/pams/o/peer/", peer("p"))).status).toBe(200);
  });

  test("404 for what a query does not find [E-PAMP-06]", async () => {
    const send = await serveFilled({ policy: { unknownInQuery: 404 } });
    expect((await send("GET", "/pams/o/peers/x")).status).toBe(404);
    expect((await send("GET", "/pams/x/peer")).status).toBe(404);
  });

  test("amounts as numbers [E-PAMP-08]", async () => {
    const send = await serveFilled({ policy: { amounts: "number" } });
    await send("PUT", "/pams/o/peer/p/", report("12.5"));
    expect((await send("GET", "/pams/o/peers/p")).body).toMatchObject({
      peer_status: { dynamic_status: { uploaded: 12.5, downloaded: 5, left: 50 }, static_status: { max_up_bw: 1000 } },
    });
  });

  test("interval and pam_enabled in the answers", async () => {
    const send = await serve({ policy: { reportInterval: 0.5, pamEnabled: false } });
    expect((await send("POST", "/pams/", overlay("o"))).body).toMatchObject({
      pam_conf_info: { pam_enabled: false, report_interval: 0.5 },
    });
  });

  test("the URL handed out: as configured, else as the request was addressed [E-PAMP-22]", async () => {
    const urlOf = async (options: Partial<PamsServerOptions>, host: string) => {
      const send = await serve(options);
      const { body } = await send("POST", `${options.pathPrefix ?? ""}/pams/`, overlay("o"), { host });
      return (body as { pam_conf_info: { pams_url: string } }).pam_conf_info.pams_url;
    };
    expect(await urlOf({ pamsUrl: "https://pams.example/x/pams/" }, "other")).toBe("https://pams.example/x/pams/");
    expect(await urlOf({}, "pams.example:8080")).toBe("http://pams.example:8080/pams/");
    expect(await urlOf({ pathPrefix: "/api" }, "pams.example")).toBe("http://pams.example/api/pams/");
    expect(await urlOf({}, 'evil"/><host')).toBe("http://localhost/pams/");
    expect(await urlOf({}, "pams.example:99999")).toBe("http://localhost/pams/");
    for (const pamsUrl of ["http://h/pams", "pams/", "ftp://h/pams/", "http://h/pams/?x=/pams/"]) {
      await expect(startPamsServer({ store: createMemoryStore(), pamsUrl })).rejects.toThrow(TypeError);
    }
  });

  test("more than the limits: 503 with the reason", async () => {
    const send = await serveFilled({ limits: { overlays: 1, peers: 1 } });
    for (const [path, body] of [
      ["/pams/", overlay("o2")],
      ["/pams/o/peer/", peer("p2")],
    ] as const) {
      expect(await send("POST", path, body)).toMatchObject({
        status: 503,
        body: { detail: expect.stringContaining("no more") },
      });
    }
  });
});

test("over TLS the URL handed out is an https one [REQ-TRANS-01, E-PAMP-21]", async () => {
  const { key, cert } = selfSignedCertificate();
  const { server } = await serve({ tls: { key, cert } });
  const registered = await exchange(server.url, "POST", "/pams/", overlay("o"), {}, cert);
  expect(registered.body).toMatchObject({ pam_conf_info: { pams_url: `https://127.0.0.1:${server.port}/pams/` } });
});

describe("behind the operations", () => {
  test("health and metrics tell of the state", async () => {
    const send = await serveFilled();
    await send("GET", "/pams/x/peer");
    // An OMS that keeps its registration alive (E-DS-03) looks like nothing that has gone wrong.
    for (let i = 0; i < 2; i++) expect((await send("POST", "/pams/", overlay("o"))).status).toBe(409);
    expect((await send("GET", "/healthz")).body).toEqual({ status: "ok", entity: "pams", overlays: 1, peers: 1 });
    const lines = String((await send("GET", "/metrics")).body).split("\n");
    for (const line of [
      "mp2p_pams_overlays 1",
      "mp2p_pams_peers 1",
      'mp2p_pams_http_requests_total{operation="PAMP_PEER_REG",status="200"} 1',
      'mp2p_pams_http_requests_total{operation="PAMP_PEER_LIST_QUERY",status="409"} 1',
      'mp2p_pams_http_requests_total{operation="PAMP_OVERLAY_NW_REG",status="200"} 1',
      "mp2p_pams_overlay_repeats_total 2",
      "mp2p_pams_store_groups_total 2",
      "mp2p_pams_store_pending_rows 0",
    ]) {
      expect(lines).toContain(line);
    }
    expect(lines.filter((line) => line.includes('PAMP_OVERLAY_NW_REG",status="409"'))).toEqual([]);
  });

  test("an index for people, and 404 for the rest", async () => {
    const send = await serve();
    expect((await send("GET", "/")).body).toMatchObject({
      entity: "pams",
      operations: { PAMP_OVERLAY_NW_REG: "POST /pams/" },
    });
    expect((await send("GET", "/nothing")).status).toBe(404);
  });
});
