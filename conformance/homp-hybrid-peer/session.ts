import { equipClient } from "../client/client.js";
import type { Act, Product } from "../client/drive.js";
import { type ClientRequest, primitive } from "../client/request.js";
import type { ClientRun } from "../client/run.js";
import type { StandIn } from "../client/stand-in.js";
import type { Declaration } from "../engine/declaration.js";
import type { RunContext } from "../engine/entity.js";
import type { Test } from "../engine/test.js";
import type { HybridPeerAction } from "./actions.js";
import type { ActOptions, Begun, HybridPeerTest } from "./case.js";
import type { hybridPeerDeclaration } from "./declaration.js";
import { adopted, type Hon, type Hons, homsProtocol } from "./protocol.js";

export const CREATION = "HybridOverlayCreation";
export const QUERY = "HybridOverlayQuery";
export const MODIFICATION = "HybridOverlayModification";
export const REMOVAL = "HybridOverlayRemoval";
export const JOIN = "HybridOverlayJoin";
export const REPORT = "HybridOverlayReport";
export const REFRESH = "HybridOverlayRefresh";
export const LEAVE = "HybridOverlayLeave";

/** The stand-ins of a run: one for each time that the product was started. */
const standIns = new WeakMap<ClientRun, StandIn[]>();

export function standInsOf(run: ClientRun): readonly StandIn[] {
  return standIns.get(run) ?? [];
}

export function equipHybridPeer(base: Test, run: RunContext): HybridPeerTest {
  const declared = base.declared as Declaration<typeof hybridPeerDeclaration>;
  const lifetime = declared.value("lifetime");
  const { adapter, exec, listen } = run.target;
  const performs = exec !== undefined && declared.value("performs").includes("join");
  const told = adapter !== undefined || performs || declared.value("stimulus-join" as never) !== "";
  const hons: Hons = {
    list: [newHon(base, lifetime)],
    shape: declared.reading("E-HOMP-17"),
    adopts: !told,
    forgets: listen !== undefined,
  };
  const t = equipClient(base, run, { protocol: homsProtocol(hons) }) as HybridPeerTest;
  const hon = hons.list[0] as Hon;
  standIns.set(t.run, [...standInsOf(t.run), t.server]);

  const begin = async (
    first: HybridPeerAction,
    wanted: string,
    identity: string,
    settings: Readonly<Record<string, unknown>>,
    { later = [], details = {}, hostile = false, settings: more = {}, judging }: ActOptions,
  ): Promise<Begun> => {
    const product = await t.start({
      actions: [first, ...later],
      details: details as Readonly<Record<string, Readonly<Record<string, unknown>>>>,
      settings: { "peer-id": t.unique("peer"), ...settings, ...more },
      hostile,
    });
    const act = product.do(first);
    const prepared = listen === undefined ? undefined : await preparatory(product, act, wanted);
    const request = prepared ?? (judging ? await t.due(wanted, act, judging) : await preparatory(product, act, wanted));
    if (prepared && judging) t.passed(judging);
    // A case may have scripted the answer.
    adopted(request, hons);
    const peer = request.get(identity);
    return { product, act, request, peer: typeof peer === "string" ? peer : "" };
  };

  /** What a case needs before it can judge. */
  const preparatory = async (product: Product, act: Act, wanted: string): Promise<ClientRequest> => {
    const request = await t.server.next(wanted, {
      // One that is there already has to be told first that it is no member any more.
      withinMs: t.actsWithinMs + (listen === undefined ? 0 : 1000 * lifetime),
      unless: () => product.ended() !== undefined || act.done?.how === "unsupported",
    });
    if (request.silent) {
      const others = t.server.arrived.map(({ outcome }) => outcome).slice(0, 3);
      const instead = others.length > 0 ? `, but ${others.join(", ")}` : "";
      const end = product.ended() === undefined ? "" : `; its process ended: ${product.ended()}`;
      t.inconclusive(`no ${wanted} came${instead}${end}${act.done ? ` (${act.done.reason})` : ""}`);
    }
    return request;
  };

  const enter = (options: ActOptions = {}): Promise<Begun> => {
    const closed = hon.accessKey === undefined ? {} : { "access-key": hon.accessKey };
    const known = { "overlay-id": hon.overlayId, type: hon.type, "sub-type": hon.subType, ...closed };
    return begin("join", JOIN, "peer.peer-id", known, options);
  };
  const own = (options: ActOptions = {}): Promise<Begun> => {
    const wishes = {
      title: hon.title,
      description: hon.description,
      "heartbeat-interval": 10,
      "heartbeat-timeout": 40,
    };
    const details = { ...options.details, create: { ...wishes, ...options.details?.create } };
    return begin("create", CREATION, "overlay_info.owner-id", {}, { ...options, details });
  };

  const refresh: HybridPeerTest["refresh"] = async (
    { product },
    since,
    { lifetime: granted = hon.lifetime, ...cite },
  ) => {
    const end = since.at + 1000 * (granted + declared.value("refresh-tolerance"));
    const request = await t.server.next(REFRESH, {
      withinMs: Math.max(0, end - t.transcript.now()),
      unless: () => product.ended() !== undefined,
    });
    // A refresh that comes too late is one that did not come in time, unless it was this machine that slept.
    const held = request.silent ? t.world.heldUp(1000 * granted) : 0;
    if (held > 250) t.heldUp(held);
    const over = product.ended();
    const seen: ClientRequest =
      over === undefined ? request : { ...request, outcome: `${request.outcome}; its process ended: ${over}` };
    t.answers(request.silent ? seen : request, primitive(REFRESH), cite);
    return request;
  };

  const converse = async (): Promise<void> => {
    const paths = { primary: [t.unique("peer")], outgoing: [], incoming: [] };
    if (declared.option("owner")) {
      const begun = await own({
        later: ["query", "join", "modify", "remove"],
        details: { query: {}, modify: { title: t.unique("title") } },
      });
      for (const [action, wanted] of [
        ["query", QUERY],
        ["join", JOIN],
        ["modify", MODIFICATION],
        ["remove", REMOVAL],
      ] as const) {
        await brought(begun, action, wanted);
      }
      begun.product.do("leave");
      await t.server.next(LEAVE, {
        withinMs: Math.min(2_000, t.actsWithinMs),
        unless: () => begun.product.ended() !== undefined,
      });
      return;
    }
    const begun = await enter({ later: ["paths"], details: { paths } });
    await brought(begun, "paths", REPORT);
    await t.server.next(REFRESH, { withinMs: 1000 * lifetime });
    await brought(begun, "leave", LEAVE);
  };
  const brought = async ({ product }: Begun, action: HybridPeerAction, wanted: string): Promise<void> => {
    const act = product.do(action);
    const unless = (): boolean => product.ended() !== undefined || act.done?.how === "unsupported";
    await t.server.next(wanted, { withinMs: Math.min(2_000, t.actsWithinMs), unless });
  };
  return Object.assign(t, { hons, hon, told, enter, own, refresh, converse });
}

/** One more overlay network that nobody has created. */
export function newHon(t: Test, lifetime: number): Hon {
  return {
    overlayId: t.unique("overlay"),
    title: t.unique("title"),
    description: "made by a conformance suite",
    type: "core",
    subType: "tree",
    ownerId: t.unique("owner"),
    access: "open",
    accessKey: undefined,
    lifetime,
    ticketId: String(t.random.integer(1, 1_000_000)),
    entryPeers: [],
  };
}
