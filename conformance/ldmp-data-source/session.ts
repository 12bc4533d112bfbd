import { Code } from "../../generated/ldmp/index.js";
import type { Declaration } from "../engine/declaration.js";
import type { RunContext } from "../engine/entity.js";
import type { Channel } from "../engine/ldmp-channel.js";
import { listen, startProduct } from "../engine/ldmp-host.js";
import type { LinkOptions } from "../engine/ldmp-link.js";
import { LdmpLink } from "../engine/ldmp-link.js";
import type { Test } from "../engine/test.js";
import type { DataSourceTest, Session, SessionOptions } from "./case.js";
import type { dataSourceDeclaration } from "./declaration.js";

/** With `--listen` there is one address for the whole run; whoever is connected to it is handed from case to case. */
interface Shared {
  /** The counterpart heard last, kept after its case ended. */
  channel: Channel | undefined;
  peerId: number;
  link: LdmpLink | undefined;
}

const shared = new WeakMap<RunContext, Shared>();

/** Listens for the whole run where the product connects by itself. */
export async function openShared(run: RunContext): Promise<() => Promise<void>> {
  if (run.target.listen === undefined) return async () => {};
  const state: Shared = { channel: undefined, peerId: 0, link: undefined };
  shared.set(run, state);
  const declared = run.declared as Declaration<typeof dataSourceDeclaration>;
  const host = await listen(run.target.listen, layoutOf(declared), (channel) => {
    state.channel = channel;
    state.link?.attach(channel);
    return {
      onArrival: (arrival) => {
        state.peerId = arrival.message?.sourceId ?? state.peerId;
        if (state.channel !== channel) {
          state.channel = channel;
          state.link?.attach(channel);
        }
        state.link?.events.onArrival(arrival);
      },
      onEnd: (reason) => {
        if (state.channel === channel) state.channel = undefined;
        state.link?.events.onEnd(reason);
      },
    };
  });
  return () => host.close();
}

export function equipDataSource(t: Test, run: RunContext): DataSourceTest {
  const declared = t.declared as Declaration<typeof dataSourceDeclaration>;
  const options: LinkOptions = {
    ownId: declared.value("peer-id"),
    peerId: 0,
    typeReading: declared.reading("E-LDMP-01"),
    layout: layoutOf(declared),
    timeoutMs: run.timeoutMs,
  };
  const withinMs = declared.value("registers-within") * 1000;

  const session = async (wishes: SessionOptions = {}): Promise<Session> => {
    const link = new LdmpLink(t, { ...options, answerHeartbeats: wishes.answerHeartbeats ?? true });
    const stop = await t.setup("a data source that registers", () => connect(t, run, link, declared));
    const registration = await link.nextRequest(Code.registration, { withinMs });
    if (registration.silent) t.inconclusive(`no Registration came within ${withinMs} ms`);
    const answer = wishes.answer === undefined ? Code.ok : wishes.answer;
    if (answer !== null) link.reply(registration, { code: answer });
    t.alive = async () => !(await link.request({ code: Code.heartbeat })).silent;
    return { link, registration, stop };
  };
  return Object.assign(t as DataSourceTest, { session });
}

async function connect(
  t: Test,
  run: RunContext,
  link: LdmpLink,
  declared: Declaration<typeof dataSourceDeclaration>,
): Promise<() => void> {
  const state = shared.get(run);
  if (state) {
    state.link = link;
    t.cleanup("the hold on the shared connection", () => {
      state.link = undefined;
    });
    if (state.channel) {
      link.attach(state.channel);
      link.peerId = state.peerId;
      if (state.peerId !== 0) link.send({ code: Code.reset });
    }
    return () => t.inconclusive("the suite cannot stop a product that it did not start; use --exec");
  }
  const transport = declared.value("transport") === "tcp" ? "tcp" : "udp";
  const host = await listen(`${transport}://127.0.0.1:0`, layoutOf(declared), (channel) => {
    link.attach(channel);
    return link.events;
  });
  t.cleanup("the listener", () => host.close());
  const child = startProduct(t, run.target.exec ?? "", host.url);
  return () => {
    t.transcript.add("process", "asked the product to stop (SIGTERM)");
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
  };
}

function layoutOf(declared: Declaration<typeof dataSourceDeclaration>): "A" | "B" {
  return declared.reading("E-LDMP-02") === "B" ? "B" : "A";
}
