import { expect, test } from "vitest";
import { startIxsServer } from "../ixs/index.js";
import { startOmsServer } from "../oms/index.js";
import { startPamsServer } from "../pams/index.js";
import { startUmsServer } from "../ums/index.js";
import { startUnisServer } from "../unis/index.js";

test("servers run without a store, in memory", async () => {
  const servers = await Promise.all([
    startIxsServer({ port: 0 }),
    startOmsServer({}),
    startPamsServer({}),
    startUmsServer({ adminTokens: ["a"] }),
    startUnisServer({}),
  ]);
  for (const { url } of servers) expect((await fetch(`${url}/healthz`)).status).toBe(200);
  for (const server of servers) await server.close();
});

test("an OMS says which address is none, also to those without types", async () => {
  await expect(startOmsServer({ pams: "http://127.0.0.1:1" as never })).rejects.toThrow(/^pams is to be \{ url/);
  await expect(startOmsServer({ ums: { url: "127.0.0.1" } })).rejects.toThrow(/^ums\.url is no absolute/);
});
