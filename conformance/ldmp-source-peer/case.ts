import { Code, codeName } from "../../generated/ldmp/index.js";
import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { RunContext } from "../engine/entity.js";
import type { LdmpLink, LinkOptions } from "../engine/ldmp-link.js";
import { LdmpLink as Link } from "../engine/ldmp-link.js";
import type { Answer } from "../engine/ldmp-message.js";
import { code, isReply } from "../engine/ldmp-message.js";
import type { Stimulated } from "../engine/stimulus.js";
import { stimulate } from "../engine/stimulus.js";
import type { Test } from "../engine/test.js";
import type { Watch } from "../engine/watch.js";
import { watch } from "../engine/watch.js";
import type { Hearing } from "../ldmp/every-message.js";
import { hear, ldmpRun } from "../ldmp/run.js";
import type { sourcePeerDeclaration } from "./declaration.js";

/** With `hostile`, what comes back is not held to the rules on every message either. */
export type StandInOptions = Partial<LinkOptions>;

/** A function of the source peer that LDMP has no message to ask for. */
export type Operation = "get" | "put" | "reset";

/** What a case of this folder gets. */
export interface SourcePeerTest extends Hearing {
  readonly declared: Declaration<typeof sourcePeerDeclaration>;
  /** A stand-in data source with a socket and an identifier of its own, not yet registered. */
  dataSource(options?: StandInOptions): Promise<LdmpLink>;
  /** The same, registered; inconclusive if the source peer refuses it. */
  registered(options?: StandInOptions): Promise<LdmpLink>;
  /** The payload of a Registration, where the source peer asks for one. */
  readonly credentials: { readonly payload?: string };
  /** Makes the source peer send GET, PUT or RESET to a stand-in and waits for that request. */
  provoke(link: LdmpLink, what: Operation, payload?: string): Promise<Answer>;
  /** The same where the request itself is not what is judged: inconclusive if it does not come. `done`: what came of the stimulus. */
  provoked(link: LdmpLink, what: Operation, payload?: string): Promise<{ request: Answer; done: Promise<Stimulated> }>;
  /** Opens the declared outlet of distributed data for this data source. */
  outlet(link: LdmpLink): Promise<Watch>;
}

export function defineCase(definition: CaseDefinition<SourcePeerTest>): CaseDefinition<SourcePeerTest> {
  return define(definition);
}

/** How many identifiers each place has got. */
const issued = new WeakMap<RunContext, Map<number, number>>();
/** More stand-ins than that no case needs, whatever its tries. */
const BLOCK = 128;

/**
 * Identifiers are 16 bits wide and every stand-in needs its own. Each case has a block of them by its place in the list, so that a run of the same
 * seed sends the same, however its cases interleave; what is no case, or needs more, takes from behind the blocks.
 */
function nextSourceId(run: RunContext, first: number, place: number, places: number): number {
  const counts = issued.get(run) ?? new Map<number, number>();
  issued.set(run, counts);
  const count = (at: number): number => {
    const before = counts.get(at) ?? 0;
    counts.set(at, before + 1);
    return before;
  };
  const own = place < 0 ? BLOCK : count(place);
  const id = first + (own < BLOCK ? place * BLOCK + own : places * BLOCK + count(-1));
  return id > 0xffff ? (id % 0x10000) + 1 : id;
}

/** `place` is the case's in the list of `places` cases; below zero for what is no case. */
export function equipSourcePeer(base: Test, run: RunContext, place: number, places: number): SourcePeerTest {
  const declared = base.declared as Declaration<typeof sourcePeerDeclaration>;
  const t = base as SourcePeerTest;
  const ldmp = ldmpRun(run);
  const secret = declared.value("registration-payload");
  const credentials = secret === "" ? {} : { payload: secret };

  const dataSource: SourcePeerTest["dataSource"] = async ({ hostile = false, ...options } = {}) => {
    const link: LdmpLink = await Link.open(base, run.target.url ?? "", {
      ownId: nextSourceId(run, declared.value("first-source-id"), place, places),
      peerId: declared.value("peer-id") || ldmp.peerId,
      dialect: ldmp.dialect,
      timeoutMs: run.timeoutMs,
      seen: ldmp.seen,
      ...options,
      hostile,
      onMessage: (answer) => {
        if (!hostile) hear(ldmp, base.definition.id, link, answer);
      },
    });
    return link;
  };

  const registered: SourcePeerTest["registered"] = async (options) => {
    const link = await dataSource(options);
    await t.setup("a registered data source", async () => {
      const answer = await link.request({ code: Code.registration, ...credentials });
      if (!code("2.xx").test(answer)) t.inconclusive(`Registration got ${answer.outcome}`);
    });
    t.cleanup("the registration", async () => {
      if (link.ended === undefined) await link.request({ code: Code.release }, { withinMs: 300 });
    });
    return link;
  };

  const begin = (link: LdmpLink, what: Operation, payload?: string): Promise<Stimulated> => {
    const wanted = payload ?? (what === "reset" ? undefined : declared.value(`${what}-payload`));
    const done = stimulate(t, declared.value(`${what}-stimulus`), {
      source: link.ownId,
      ...(wanted === undefined ? {} : { payload: wanted }),
    });
    done.catch(() => {});
    return done;
  };

  // A control interface may answer only after the data source did, or not at all: the request on the wire is what counts.
  const awaitRequest = async (link: LdmpLink, what: Operation, done: Promise<Stimulated>): Promise<Answer> => {
    const begun = ldmp.heard.length;
    // Repeats of what was asked before are no effect of this stimulus.
    const before = new Set(link.arrived);
    let refused: string | undefined;
    const failed = done.then(
      ({ output, succeeded }) => {
        if (!succeeded) refused = output.slice(0, 200);
        return new Promise<never>(() => {});
      },
      (error: unknown) => Promise.reject(error),
    );
    const next = link.next((one) => one.message?.code === Code[what] && !before.has(one), {
      what: codeName(Code[what]),
    });
    const request = await Promise.race([next, failed]);
    // Something else than was asked for, or to somebody else, is no refusal but a wrong effect.
    const strayed = ldmp.heard.slice(begun).some(({ caseId, answer }) => {
      const other = answer.message?.code;
      return caseId === base.definition.id && !isReply(answer) && other !== Code.heartbeat;
    });
    if (request.silent && refused !== undefined && !strayed)
      t.inconclusive(`the stimulus for ${what} was refused: ${refused}`);
    return request;
  };

  const provoke: SourcePeerTest["provoke"] = (link, what, payload) =>
    awaitRequest(link, what, begin(link, what, payload));

  const provoked: SourcePeerTest["provoked"] = (link, what, payload) =>
    t.setup(`a ${what.toUpperCase()} of the source peer`, async () => {
      const done = begin(link, what, payload);
      const request = await awaitRequest(link, what, done);
      if (request.silent) t.inconclusive(`the stimulus worked, but no ${what.toUpperCase()} came`);
      return { request, done };
    });

  const outlet: SourcePeerTest["outlet"] = (link) =>
    t.setup("the outlet of distributed data", () => watch(t, declared.value("data-hook"), link.ownId));

  const converse = async (): Promise<void> => {
    const link = await registered();
    await link.request({ code: Code.heartbeat });
    for (const what of ["get", "put", "reset"] as const) {
      if (declared.value(`${what}-stimulus`).trim() === "") continue;
      const request = await provoke(link, what);
      if (what !== "reset" && !request.silent) link.reply(request, { code: Code.notFound });
    }
    const other = await registered();
    await other.request({ code: Code.release });
    await other.request({ code: Code.release });
  };

  return Object.assign(t, { ldmp, credentials, dataSource, registered, provoke, provoked, outlet, converse });
}
