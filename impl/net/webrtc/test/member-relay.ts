import { openHttpHost } from "../../http-host.js";
import { createHttpMetrics } from "../../http-metrics.js";
import type { Logger } from "../../logger.js";
import { silentLogger } from "../../logger.js";
import { type RelayStatistics, SignallingRelay } from "../relay/relay.js";
import { openRelayServer } from "../relay/relay-server.js";

/** A relay as an OMS has it, which knows one overlay network and the tokens of its members. */
export async function startMemberRelay(known: {
  readonly overlayId: string;
  readonly tokens: Readonly<Record<string, string>>;
}): Promise<{ readonly url: string; readonly statistics: Readonly<RelayStatistics>; close(): Promise<void> }> {
  const relay = new SignallingRelay({
    gate: {
      claim({ overlayId, peerId, token }) {
        if (overlayId !== known.overlayId) return "notMember";
        if (token === undefined || known.tokens[peerId] !== token) return "notYours";
        return { room: overlayId, proved: true, answer: { action: "registered", "peer-id": peerId } };
      },
    },
  });
  const metrics = createHttpMetrics("relay");
  const http = await openHttpHost({ name: "relay", front: (_request, _response, next) => next(), metrics });
  const server = await openRelayServer(relay, { path: "/signalling" }, { logger: silentLogger, http });
  return {
    url: server.url,
    statistics: server.statistics,
    async close() {
      await server.close();
      await http.close();
    },
  };
}

interface Line {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly text: string;
  readonly fields: object;
}

/** Keeps what is logged. */
export function createLineLogger(): { readonly logger: Logger; readonly lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: Line["level"]) => (fields: object, text: string) => void lines.push({ level, text, fields });
  return { logger: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") }, lines };
}
