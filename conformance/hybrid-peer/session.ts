import { equipClient } from "../client/client.js";
import type { ClientRequest } from "../client/request.js";
import type { Declaration } from "../engine/declaration.js";
import type { RunContext } from "../engine/entity.js";
import { Inconclusive, NotApplicable } from "../engine/outcome.js";
import { R2, type R2Answer } from "../engine/r2-message.js";
import { R2Peer } from "../engine/r2-peer.js";
import type { Test } from "../engine/test.js";
import { adopted as adoptedBy, type Hons } from "../homp-hybrid-peer/protocol.js";
import { JOIN, newHon, REPORT } from "../homp-hybrid-peer/session.js";
import { usualAnswer } from "./answers.js";
import type { Answers, EnterOptions, Family, Iut, Path, PeerTest } from "./case.js";
import { type peerDeclaration, profileOf } from "./declaration.js";
import { estab, grant, hello, primary } from "./messages.js";
import { peerProtocol, type Rules } from "./protocol.js";

/** Of a membership, in s: no case waits for its end. */
const LIFETIME = 3600;
/** What the HOMS gives the product unless a case says otherwise: stand-ins may be older or younger. */
const TICKET = 100;

export function equipPeer(base: Test, run: RunContext): PeerTest {
  const declared = base.declared as Declaration<typeof peerDeclaration>;
  const { adapter, exec, listen } = run.target;
  const performs = exec !== undefined && declared.value("performs").includes("join");
  const told = adapter !== undefined || performs || declared.value("stimulus-join" as never) !== "";
  const hons: Hons = { list: [newHon(base, LIFETIME)], shape: "A", adopts: !told, forgets: listen !== undefined };
  const seconds = (name: "heartbeat-interval" | "heartbeat-timeout" | "answers-within" | "next-entry-within"): number =>
    1000 * declared.value(name);
  const times = {
    interval: seconds("heartbeat-interval"),
    timeout: seconds("heartbeat-timeout"),
    answer: seconds("answers-within"),
    entry: seconds("next-entry-within"),
  };
  const rules: Rules = { interval: times.interval / 1000, timeout: times.timeout / 1000, policy: undefined };
  const t = equipClient(base, run, { protocol: peerProtocol(hons, rules) }) as PeerTest;
  const hon = hons.list[0] as PeerTest["hon"];
  const profile = profileOf(declared.reading("E-HP2P-24"));

  const peer = async (ticket: number, answers: Answers = {}): Promise<R2Peer> =>
    await R2Peer.open(base, {
      id: t.unique("peer"),
      ticket,
      profile,
      ...(answers.host === undefined ? {} : { host: answers.host }),
      heard: (message) => heardBy(run).push({ caseId: base.definition.id, message }),
      usual: (answer, _, own) => usualAnswer(answer, own, hon.overlayId, answers),
    });

  const enter = async (options: EnterOptions = {}): Promise<Iut> => {
    const { ticket = TICKET, entryPeers = [], policy, type = "core", subType = "tree" } = options;
    const { later = [], details = {} } = options;
    hon.ticketId = String(ticket);
    hon.entryPeers = entryPeers.map(({ info }) => info);
    hon.type = type;
    hon.subType = subType;
    rules.policy = policy;
    const limits = (["max-primary", "outgoing-candidates", "max-incoming-candidates"] as const).flatMap((name) =>
      declared.value(name) > 0 ? [[name, declared.value(name)] as const] : [],
    );
    const product = await t.start({
      actions: ["join", ...later],
      details,
      settings: {
        "peer-id": t.unique("iut"),
        "overlay-id": hon.overlayId,
        type: hon.type,
        "sub-type": hon.subType,
        profile,
        listen: true,
        ...Object.fromEntries(limits),
      },
    });
    const join = product.do("join");
    const request = await t.server.next(JOIN, {
      withinMs: t.actsWithinMs,
      unless: () => product.ended() !== undefined || join.done?.how === "unsupported",
    });
    const how = product.ended() === undefined ? "" : `; its process ended: ${product.ended()}`;
    if (request.silent) t.inconclusive(`no ${JOIN} came${how}${join.done ? ` (${join.done.reason})` : ""}`);
    adoptedBy(request, hons);
    const address = t.needString(request.get("peer.address"), "address");
    if (!/^tcp:\/\//.test(address))
      t.inconclusive(`others reach the product at ${address}; the suite calls tcp://host:port`);
    return { product, join, request, id: t.needString(request.get("peer.peer-id"), "peer-id"), ticket, address };
  };

  /** What has to come for a set-up to go on. */
  const needed = async (what: string, coming: Promise<R2Answer>): Promise<R2Answer> => {
    const found = await coming;
    if (found.silent) throw new Inconclusive(`no ${what}: ${found.outcome}`);
    return found;
  };
  const withinMs = times.answer;

  const adopted: PeerTest["adopted"] = async (
    iut,
    younger,
    asks = primary(profile, pushes(rules) ? null : undefined),
  ) =>
    await t.setup(`${younger.id} as a child`, async () => {
      const call = await younger.connect(iut.address, "(call)");
      call.send(hello(hon.overlayId, younger));
      await needed("1202 to HELLO", call.next(R2.helloAccepted, { withinMs }));
      const { link, message } = await younger.next(R2.estab, { withinMs });
      if (!link) throw new Inconclusive(`no ESTAB came after HELLO: ${message.outcome}`);
      link.send({ code: R2.estabAccepted });
      link.send(asks);
      const answer = await needed(
        "answer to PRIMARY",
        link.next([R2.primaryAccepted, R2.primaryRefused], { withinMs }),
      );
      if (answer.code === R2.primaryRefused)
        throw new Inconclusive("the product refuses a child: declare max-primary if it takes no more");
      // Without a sign of life a child is lost.
      link.beat(Math.floor(times.interval * 0.9));
      call.close();
      return link;
    });

  const offer: PeerTest["offer"] = async (iut, older) =>
    await t.setup(`the offer of ${older.id}`, async () => {
      const link = await older.connect(iut.address);
      link.send(estab(hon.overlayId, older));
      return link;
    });

  const fits = (paths: number): void => {
    const most = declared.value("max-primary");
    if (most > 0 && most < paths)
      throw new NotApplicable(`the product is declared to keep ${most} primary paths, and the case wants ${paths}`);
  };

  const root: PeerTest["root"] = async (count, options = {}) => {
    fits(count);
    const iut = await enter(options);
    const children: Path[] = [];
    for (let index = 0; index < count; index++) {
      const younger = await peer(iut.ticket + 10 + index);
      children.push({ peer: younger, link: await adopted(iut, younger) });
    }
    return { iut, children };
  };

  const child: PeerTest["child"] = async ({
    candidates = 0,
    children = 0,
    answers = {},
    ...options
  } = {}): Promise<Family> => {
    fits(1 + children);
    const entry = await peer(10, answers);
    const iut = await enter({ ...options, entryPeers: [entry] });
    const { message: call } = await entry.next(R2.hello, { withinMs: times.entry });
    if (call.silent) t.inconclusive(`no HELLO came to the entry peer: ${call.outcome}`);
    const offers: Path[] = [];
    for (let index = 0; index <= candidates; index++) {
      const older = index === 0 ? entry : await peer(20 + index, answers);
      offers.push({ peer: older, link: await offer(iut, older) });
    }
    const parent = await t.setup("a parent", async () => {
      const end = t.world.now() + times.entry;
      for (;;) {
        for (const path of offers) {
          if (path.link.of(R2.primary).length === 0) continue;
          await path.link.next(R2.primary, { withinMs: 1 });
          await grant(t, path.link, pushes(rules) ? null : undefined);
          return path;
        }
        if (t.world.now() >= end) throw new Inconclusive("the product asked none of those that offered themselves");
        await t.sleep(10);
      }
    });
    const rest = offers.filter((one) => one !== parent);
    for (const { link } of rest) {
      await t.setup("a candidate", async () => {
        const answer = await needed("answer to ESTAB", link.next([R2.estabAccepted, R2.estabRefused], { withinMs }));
        if (answer.code === R2.estabRefused)
          throw new Inconclusive("the product refuses a second offer, though it is declared to keep candidate paths");
      });
    }
    const below: Path[] = [];
    for (let index = 0; index < children; index++) {
      const younger = await peer(iut.ticket + 10 + index);
      below.push({ peer: younger, link: await adopted(iut, younger) });
    }
    return { iut, parent, candidates: rest, children: below };
  };

  const report: PeerTest["report"] = async (where, within = times.answer) =>
    await t.server.next(REPORT, { withinMs: within, where });

  const send: PeerTest["send"] = async ({ product }, text) => {
    const act = product.do("send", { text, "app-id": "conformance" });
    const done = await t.outcome(act);
    if (done.how === "failed") t.inconclusive(`the product cannot be driven to send: ${done.reason}`);
  };

  return Object.assign(t, {
    profile,
    hon,
    times,
    peer,
    enter,
    root,
    child,
    adopted,
    offer,
    report,
    send,
    heard: heardBy(run),
  });
}

/** What the product said on R2 in this run, and in which case. */
interface Heard {
  readonly caseId: string;
  readonly message: R2Answer;
}

const runs = new WeakMap<RunContext, Heard[]>();

function heardBy(run: RunContext): Heard[] {
  const found = runs.get(run) ?? [];
  runs.set(run, found);
  return found;
}

const pushes = ({ policy }: Rules): boolean => policy?.["recovery-by"] === "push";

/** Reports with a path to this peer in one of the lists. */
export function shows(
  request: ClientRequest,
  list: "primary" | "outgoing_candidate" | "incoming_candidate",
  id: string,
): boolean {
  const found = request.get(`status.costmap.${list}`);
  return (
    Array.isArray(found) && found.some((one) => one === id || (one as { "peer-id"?: unknown })?.["peer-id"] === id)
  );
}
