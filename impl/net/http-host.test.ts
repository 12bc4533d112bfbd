import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { get as httpsGet } from "node:https";
import { connect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { type Front, type HttpHost, type HttpHostOptions, openHttpHost } from "./http-host.js";
import { createHttpMetrics } from "./http-metrics.js";
import type { Logger } from "./logger.js";
import { selfSignedCertificate } from "./test/certificate.js";

const hosts: HttpHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

async function open(options: Partial<HttpHostOptions> = {}): Promise<HttpHost> {
  const host = await openHttpHost({
    name: "test",
    metrics: createHttpMetrics("test"),
    front: (_request, _response, next) => next(),
    ...options,
  });
  hosts.push(host);
  return host;
}

const answering: Front = (request, response, next) => {
  if (request.url !== "/front") return next();
  response.writeHead(200).end("front");
};

describe("openHttpHost", () => {
  test("answers what the front knows, and the rest from the app", async () => {
    const host = await open({ front: answering, index: { operations: ["A"] } });
    host.app.get("/later", (_request, response) => void response.send("mounted later"));

    expect(await (await fetch(`${host.url}/front`)).text()).toBe("front");
    expect(await (await fetch(`${host.url}/later`)).text()).toBe("mounted later");
    expect(await (await fetch(host.url)).json()).toEqual({
      entity: "test",
      health: "/healthz",
      metrics: "/metrics",
      operations: ["A"],
    });
  });

  test("refuses an unknown path with problem details", async () => {
    const host = await open();
    const response = await fetch(`${host.url}/nowhere`);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status: 404, detail: "nothing here answers GET /nowhere" });
  });

  test("a failure in the front or in the app is a 500 that says nothing about it, and is logged", async () => {
    const logged: string[] = [];
    const keep = (_fields: object, message: string) => void logged.push(message);
    const logger: Logger = { debug: () => {}, info: () => {}, warn: keep, error: keep };
    const host = await open({
      logger,
      front: (request, _response, next) => next(request.url === "/front" ? new Error("secret") : undefined),
    });
    host.app.get("/app", () => {
      throw new Error("secret");
    });
    for (const path of ["/front", "/app"]) {
      const response = await fetch(host.url + path);
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain("secret");
    }
    expect(logged).toEqual(["request failed", "request failed"]);
    expect((await fetch(`${host.url}/healthz`)).status).toBe(200);
  });

  test("health says ok with the owner's details, and 503 when they cannot be had", async () => {
    let broken = false;
    const host = await open({
      health: () => {
        if (broken) throw new Error("disk");
        return { overlays: 3 };
      },
    });
    const well = await fetch(`${host.url}/healthz`);
    expect([well.status, await well.json()]).toEqual([200, { status: "ok", entity: "test", overlays: 3 }]);
    broken = true;
    expect((await fetch(`${host.url}/healthz`)).status).toBe(503);
  });

  test("metrics count by operation and status, with cumulative buckets, gauges and counters", async () => {
    const metrics = createHttpMetrics("test");
    metrics.observe("OP", 200, 0.0002);
    metrics.observe("OP", 200, 0.03);
    metrics.observe("OP", 404, 60);
    metrics.gauge("overlays", "Overlays", () => 7);
    metrics.counter("flushes_total", "Flushes", () => 9);
    const host = await open({ metrics });
    const text = await (await fetch(`${host.url}/metrics`)).text();
    for (const line of [
      'mp2p_test_http_requests_total{operation="OP",status="200"} 2',
      'mp2p_test_http_requests_total{operation="OP",status="404"} 1',
      'mp2p_test_http_request_seconds_bucket{operation="OP",le="0.0001"} 0',
      'mp2p_test_http_request_seconds_bucket{operation="OP",le="0.00025"} 1',
      'mp2p_test_http_request_seconds_bucket{operation="OP",le="5"} 2',
      'mp2p_test_http_request_seconds_bucket{operation="OP",le="+Inf"} 3',
      'mp2p_test_http_request_seconds_count{operation="OP"} 3',
      "mp2p_test_overlays 7",
      "mp2p_test_flushes_total 9",
      "# TYPE process_cpu_seconds_total counter",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
  });

  test("closing lets an answer under way finish, ends kept connections and refuses new ones", async () => {
    let finish: undefined | (() => void);
    const host = await open({
      front: (request, response, next) => {
        if (request.url !== "/slow") return next();
        finish = () => void response.end("done");
      },
    });
    const idle = connect(host.port, "127.0.0.1");
    await once(idle, "connect");
    await fetch(`${host.url}/healthz`);
    const slow = fetch(`${host.url}/slow`);
    await expect.poll(() => finish).toBeDefined();

    const closed = host.close();
    await once(idle, "close");
    await expect(fetch(`${host.url}/healthz`)).rejects.toThrow();
    finish?.();
    expect(await (await slow).text()).toBe("done");
    await closed;
  });

  test("closing cuts an answer that never comes", async () => {
    const host = await open({ front: () => {}, drainMs: 50 });
    const hanging = httpRequest(`${host.url}/never`).end();
    const cut = once(hanging, "error");
    await once(hanging, "socket");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await host.close();
    expect((await cut)[0]).toMatchObject({ code: "ECONNRESET" });
  });

  test("speaks HTTPS when given a certificate, and closes a connection that never spoke", async () => {
    const certificate = selfSignedCertificate();
    const host = await open({ tls: certificate });
    expect(host.url).toMatch(/^https:/);
    const status = await new Promise((resolve, reject) => {
      httpsGet(`${host.url}/healthz`, { ca: certificate.cert, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on("error", reject);
    });
    expect(status).toBe(200);
    const idle = tlsConnect({ port: host.port, host: "127.0.0.1", ca: certificate.cert });
    await once(idle, "secureConnect");
    const closed = host.close();
    await once(idle, "close");
    await closed;
  });

  test("rejects with the system's error when the port is taken", async () => {
    const host = await open();
    await expect(open({ port: host.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});
