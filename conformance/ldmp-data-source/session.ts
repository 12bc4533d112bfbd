import { Code } from "../../generated/ldmp/index.js";
import type { Declaration } from "../engine/declaration.js";
import type { RunContext } from "../engine/entity.js";
import type { Channel } from "../engine/ldmp-channel.js";
import { listen, startProduct } from "../engine/ldmp-host.js";
import type { LinkOptions } from "../engine/ldmp-link.js";
import { LdmpLink } from "../engine/ldmp-link.js";
import type { Test } from "../engine/test.js";
import type { LdmpRun } from "../ldmp/run.js";
import { hear, ldmpRun } from "../ldmp/run.js";
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
  const host = await listen(run.world, run.target.listen, ldmpRun(run).dialect, (channel) => {
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

export function equipDataSource(base: Test, run: RunContext): DataSourceTest {
  const t = base as DataSourceTest;
  const declared = base.declared as Declaration<typeof dataSourceDeclaration>;
  const ldmp = ldmpRun(run);
  const withinMs = declared.value("registers-within") * 1000;

  const standIn = ({ answerHeartbeats = true, hostile = false }: SessionOptions, ownId: number): LdmpLink => {
    const options: LinkOptions = {
      ownId,
      peerId: 0,
      dialect: ldmp.dialect,
      timeoutMs: run.timeoutMs,
      seen: ldmp.seen,
      answerHeartbeats,
      hostile,
      onMessage: (answer) => {
        if (!hostile) hear(ldmp, base.definition.id, link, answer);
      },
    };
    const link: LdmpLink = new LdmpLink(base, options);
    return link;
  };

  const session = async (wishes: SessionOptions = {}): Promise<Session> => {
    const link = standIn(wishes, declared.value("peer-id"));
    const command = wishes.command ?? run.target.exec;
    const second = command?.includes("{url2}") ? standIn(wishes, declared.value("peer-id") + 1) : undefined;
    const stop = await t.setup("a data source that registers", () => connect(t, run, command, link, second, ldmp));
    const registration = await link.nextRequest(Code.registration, { withinMs });
    if (registration.silent) t.inconclusive(`no Registration came within ${withinMs} ms`);
    const answer = wishes.answer === undefined ? Code.ok : wishes.answer;
    if (answer !== null) link.reply(registration, { code: answer });
    t.alive = async () => !(await link.request({ code: Code.heartbeat })).silent;
    return { link, registration, second, stop };
  };

  const converse = async (): Promise<void> => {
    const { link } = await session();
    await link.request({ code: Code.heartbeat });
    await link.request({ code: Code.get, ...selector(declared.value("get-payload")) });
    await link.nextRequest(Code.post, { withinMs: declared.value("posts-within") * 1000 });
  };
  return Object.assign(t, { ldmp, session, converse, restarts: run.target.exec !== undefined });
}

/** The payload of a GET; none for the default item. */
export function selector(text: string): { readonly payload?: string } {
  return text === "" ? {} : { payload: text };
}

async function connect(
  t: DataSourceTest,
  run: RunContext,
  command: string | undefined,
  link: LdmpLink,
  second: LdmpLink | undefined,
  { dialect }: LdmpRun,
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
  const transport = t.declared.value("transport") === "tcp" ? "tcp" : "udp";
  const open = async (to: LdmpLink): Promise<string> => {
    const host = await listen(t.world, `${transport}://127.0.0.1:0`, dialect, (channel) => {
      to.attach(channel);
      return to.events;
    });
    t.cleanup("the listener", () => host.close());
    return host.url;
  };
  const url = await open(link);
  const line = second ? (command ?? "").replaceAll("{url2}", await open(second)) : (command ?? "");
  const product = startProduct(t, line, url);
  return () => {
    t.transcript.add("process", "asked the product to stop (SIGTERM)");
    product.stop();
  };
}
