import { afterEach, describe, expect, test } from "vitest";
import { mp2p, mp2pInto, mp2pWithInput, type Service, startService } from "./test/process.js";

const services: Service[] = [];

async function running(...args: string[]): Promise<Service> {
  const service = await startService(...args);
  services.push(service);
  return service;
}

afterEach(async () => {
  for (const service of services.splice(0)) expect(await service.stop()).toBe(0);
});

/** The JSON that a successful command printed. */
async function answer(...args: string[]) {
  const { code, out, err } = await mp2p(...args, "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as { status: number; body: Record<string, unknown> };
}

describe("wrong usage", () => {
  test.each([
    [["nonsense"], "unknown command"],
    [["serve", "homs", "--listen", "nowhere"], "host:port is wanted"],
    [["overlay", "create", "--title", "t"], "--owner"],
    [
      ["overlay", "create", "--owner", "o", "--admin-key", "k", "--title", "t", "--heartbeat-interval", "5"],
      "from 6 on",
    ],
    [["serve", "homs", "--reading", "closedOverlays=perhaps"], "closedOverlays=listed|hidden"],
    [["serve", "pams", "--tls-cert", "only.pem"], "--tls-cert and --tls-key go together"],
    [["serve", "homs", "--tls-cert", "none.pem", "--tls-key", "none.pem"], "none.pem"],
    [["serve", "homs", "--listen", "0", "--store", "no/such/folder/homs.sqlite"], "cannot open"],
    [["serve", "pams", "--memory", "--pams-url", "nonsense"], "absolute http(s) URL"],
    [["source-peer", "--memory", "--udp", "0", "--tls", "0"], "--tls goes together"],
    [["data-source", "--to", "udp://127.0.0.1:6098,http://x"], "not the address of a source peer: http://x"],
    [["pams", "list", "--overlay", ".."], "a path parameter"],
    [["pams", "report", "--overlay", "o", "--peer", "p", "--file", "none.json"], "none.json"],
  ])("%j exits with 2 and says what is wanted", async (args, said) => {
    const { code, err } = await mp2p(...args);
    expect(err).toContain(said);
    expect(code).toBe(2);
  });

  test("regression: a port in use was called a fault of mp2p", async () => {
    const { url } = (await running("serve", "homs", "--listen", "0", "--memory")).ready;
    const port = new URL(url ?? "").port;
    const { code, err } = await mp2p("serve", "pams", "--memory", "--listen", port, "--json");
    expect(JSON.parse(err)).toMatchObject({ code: "EADDRINUSE" });
    expect(code).toBe(2);
  });

  test("a server that is not there exits with 3", async () => {
    const { code, err } = await mp2p("overlay", "query", "--homs", "http://127.0.0.1:9", "--json");
    expect(JSON.parse(err)).toMatchObject({ code: "ERR_NETWORK" });
    expect(code).toBe(3);
  });

  test("help teaches", async () => {
    const { code, out } = await mp2p("--help");
    expect(code).toBe(0);
    expect(out).toContain("mp2p conformance homs --url");
  });
});

test("regression: a reader that had seen enough made a stack trace", async () => {
  const { out, err } = await mp2pInto("head -n 1", "demo");
  expect(out).toMatch(/^PAMS +http:/);
  expect(err).toBe("");
});

test("overlay: the eight primitives against a HOMS", async () => {
  const { url } = (await running("serve", "homs", "--listen", "0")).ready;
  const at = ["--homs", url ?? ""];
  const owner = ["--owner", "me", "--admin-key", "secret"];
  const created = await answer("overlay", "create", ...at, ...owner, "--title", "demo", "--cache", "100,60,pull");
  const id = String((created.body.overlay as { "overlay-id": string })["overlay-id"]);
  const peer = ["--overlay-id", id, "--peer-id", "p1", "--password", "abc123"];
  const reachable = [...peer, "--address", "tcp://192.0.2.1:1"];

  expect(await answer("overlay", "join", ...at, ...reachable)).toMatchObject({ status: 200 });
  expect(await answer("overlay", "report", ...at, ...peer, "--primary", "p2,p3")).toMatchObject({ status: 200 });
  expect(await answer("overlay", "refresh", ...at, ...reachable, "--expires", "60")).toMatchObject({
    body: { overlay: { expires: 60 } },
  });
  await answer("overlay", "modify", ...at, ...owner, "--overlay-id", id, "--title", "renamed");
  expect(await answer("overlay", "query", ...at, "--title", "renam")).toMatchObject({
    body: { overlay: [{ "overlay-id": id, title: "renamed", status: { num_peers: 1 } }] },
  });
  await answer("overlay", "leave", ...at, ...peer);

  const refused = await mp2p("overlay", "remove", ...at, "--owner", "me", "--admin-key", "wrong", "--overlay-id", id);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("refused with 403") });
  await answer("overlay", "remove", ...at, ...owner, "--overlay-id", id);
});

test("pams: the seven messages against a PAMS, with a token", async () => {
  const { url } = (
    await running("serve", "pams", "--listen", "0", "--oms-token", "t0ken", "--reading", "unknownInQuery=404")
  ).ready;
  const at = ["--pams", url ?? "", "--overlay", "o1", "--bearer", "t0ken"];
  expect(await mp2p("pams", "register-overlay", "--pams", url ?? "", "--overlay", "o1")).toMatchObject({ code: 1 });
  await answer("pams", "register-overlay", ...at);
  expect(await answer("pams", "register-peer", ...at, "--peer", "p1")).toMatchObject({
    body: { pam_conf_info: { report_interval: 10 } },
  });
  const report = JSON.stringify({
    dynamic_status: { overlay_event: "STARTED", uploaded: "7", fragment_list: { fragment: [1, 2] } },
  });
  expect(await mp2pWithInput(report, "pams", "report", ...at, "--peer", "p1", "--file", "-")).toMatchObject({
    code: 0,
  });
  expect(await answer("pams", "list", ...at, "--ordering", "UPLOADED", "--fragments", "1,2")).toMatchObject({
    body: { peer_list: { peer_id: ["p1"] } },
  });
  expect(await answer("pams", "info", ...at, "--peer", "p1")).toMatchObject({
    body: { peer_status: { dynamic_status: { uploaded: "7" } } },
  });
  await answer("pams", "deregister-peer", ...at, "--peer", "p1");
  await answer("pams", "deregister-overlay", ...at);
  const unknown = await mp2p("pams", "list", ...at, "--json");
  expect(unknown.code).toBe(1);
  expect(JSON.parse(unknown.out)).toMatchObject({ status: 404, ok: false });
});

test("source-peer and data-source: lines from standard input arrive", async () => {
  const sourcePeer = await running("source-peer", "--udp", "0", "--tcp", "0", "--control", "0", "--secret", "s3cret");
  for (const url of [sourcePeer.ready.udp, sourcePeer.ready.tcp]) {
    const dataSource = await running(
      "data-source",
      "--to",
      url ?? "",
      "--id",
      "7",
      "--from",
      "stdin",
      "--secret",
      "s3cret",
    );
    expect(await dataSource.next()).toMatchObject({ event: "registered" });
    dataSource.write(`hello over ${url}`);
    expect(await sourcePeer.next()).toMatchObject({ event: "data", sourceId: 7, text: `hello over ${url}` });
    const listed = await fetch(`${sourcePeer.ready.control}/data-sources`);
    expect(await listed.text()).toContain('"id":7');
    expect(await services.pop()?.stop()).toBe(0);
  }
});
