import { Code } from "../../generated/ldmp/index.js";
import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { RunContext } from "../engine/entity.js";
import type { LdmpLink, LinkOptions } from "../engine/ldmp-link.js";
import { LdmpLink as Link } from "../engine/ldmp-link.js";
import type { Answer } from "../engine/ldmp-message.js";
import { code } from "../engine/ldmp-message.js";
import { stimulate } from "../engine/stimulus.js";
import type { Test } from "../engine/test.js";
import type { sourcePeerDeclaration } from "./declaration.js";

/** What a case of this folder gets. */
export interface SourcePeerTest extends Test {
  readonly declared: Declaration<typeof sourcePeerDeclaration>;
  /** A stand-in data source with a socket and an identifier of its own, not yet registered. */
  dataSource(options?: Partial<LinkOptions>): Promise<LdmpLink>;
  /** The same, registered; inconclusive if the source peer refuses it. */
  registered(options?: Partial<LinkOptions>): Promise<LdmpLink>;
  /** Makes the source peer send GET, PUT or RESET to a stand-in and waits for that request. */
  provoke(link: LdmpLink, what: "get" | "put" | "reset", payload?: string): Promise<Answer>;
}

export function defineCase(definition: CaseDefinition<SourcePeerTest>): CaseDefinition<SourcePeerTest> {
  return define(definition);
}

const issued = new WeakMap<RunContext, number>();

/** Identifiers are 16 bits wide and every stand-in needs its own. */
function nextSourceId(run: RunContext, first: number): number {
  const next = issued.get(run) ?? first;
  issued.set(run, next + 1 > 0xffff ? 1 : next + 1);
  return next;
}

export function equipSourcePeer(base: Test, run: RunContext): SourcePeerTest {
  const declared = base.declared as Declaration<typeof sourcePeerDeclaration>;
  const t = base as SourcePeerTest;

  const dataSource: SourcePeerTest["dataSource"] = (options = {}) =>
    Link.open(base, run.target.url ?? "", {
      ownId: nextSourceId(run, declared.value("first-source-id")),
      peerId: declared.value("peer-id"),
      typeReading: declared.reading("E-LDMP-01"),
      layout: declared.reading("E-LDMP-02") === "B" ? "B" : "A",
      timeoutMs: run.timeoutMs,
      ...options,
    });

  const registered: SourcePeerTest["registered"] = async (options) => {
    const link = await dataSource(options);
    await t.setup("a registered data source", async () => {
      const answer = await link.request({ code: Code.registration });
      if (!code("2.xx").test(answer)) t.inconclusive(`Registration got ${answer.outcome}`);
    });
    t.cleanup("the registration", async () => {
      if (link.ended === undefined) await link.request({ code: Code.release }, { withinMs: 300 });
    });
    return link;
  };

  const provoke: SourcePeerTest["provoke"] = async (link, what, payload) => {
    const template = declared.value(`${what}-stimulus`);
    const wanted = payload ?? (what === "reset" ? undefined : declared.value(`${what}-payload`));
    const done = stimulate(t, template, { source: link.ownId, ...(wanted === undefined ? {} : { payload: wanted }) });
    // A control interface may answer only after the data source did, or not at all: the request on the wire is what counts.
    const failed = done.then(
      () => new Promise<never>(() => {}),
      (error: unknown) => Promise.reject(error),
    );
    failed.catch(() => {});
    return await Promise.race([link.nextRequest(Code[what]), failed]);
  };

  return Object.assign(t, { dataSource, registered, provoke });
}
