import { omsOperations } from "../../generated/oms/operations.js";
import { startChild } from "../client/child.js";
import { hostHttp } from "../client/http-host.js";
import { StandIn } from "../client/stand-in.js";
import type { Declaration } from "../engine/declaration.js";
import type { RunContext } from "../engine/entity.js";
import { Http } from "../engine/http.js";
import { headerLines } from "../engine/http-entity.js";
import { checkBy } from "../engine/own-messages.js";
import type { Test } from "../engine/test.js";
import type { OmsTest } from "../oms/case.js";
import { wallClock } from "../streaming/clock.js";
import { serverOperations, usualAnswer } from "../streaming/servers.js";
import type { ManagingOmsTest } from "./case.js";
import type { managingOmsDeclaration } from "./declaration.js";

const checkOwn = checkBy(omsOperations);

export function equipManagingOms(base: Test, run: RunContext): ManagingOmsTest {
  const declared = base.declared as Declaration<typeof managingOmsDeclaration>;
  const clock = wallClock(run);
  const actsWithinMs = 1000 * declared.value("acts-within");
  const servers = new StandIn(base, {
    protocol: {
      operations: serverOperations,
      usual: (request, standIn) => usualAnswer(request, standIn, clock),
    },
  });
  const t = Object.assign(base, { clock, servers, actsWithinMs }) as unknown as ManagingOmsTest;

  const serve = async (): Promise<OmsTest> =>
    await t.setup("the product", async () => {
      const host = await hostHttp(
        t.world,
        { host: "127.0.0.1", port: 0 },
        {
          onRequest: (request) => servers.receive(request, host),
          onEnd: (connection, rest) => servers.lost(connection, rest, host),
        },
      );
      t.cleanup("the servers", () => host.close());
      servers.attach(host);
      let url = "";
      const child = startChild(base, {
        command: (run.target.exec ?? "").replaceAll("{url}", servers.url),
        env: { MP2P_URL: servers.url, MP2P_CASE: t.definition.id },
        onLine: (line) => {
          t.transcript.add("process", "from the product", { text: line });
          url ||= urlIn(line);
        },
      });
      const end = t.world.now() + actsWithinMs;
      while (url === "" && child.ended() === undefined && t.world.now() < end) await t.sleep(50);
      url ||= declared.value("oms-url");
      if (url === "")
        t.inconclusive(
          `the product does not say where it serves R5: a line of JSON with url on standard output, or oms-url of the declaration (${child.ended() ?? "it runs"})`,
        );
      const headers = headerLines(declared.value("headers") as readonly string[]);
      const http = new Http(base, { base: url, timeoutMs: run.timeoutMs, headers, check: checkOwn });
      return Object.assign(base, { http }) as unknown as OmsTest;
    });
  return Object.assign(t, { serve });
}

function urlIn(line: string): string {
  try {
    const { url } = JSON.parse(line) as { url?: unknown };
    return typeof url === "string" ? url : "";
  } catch {
    return "";
  }
}
