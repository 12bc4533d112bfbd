import type {
  CreateOptions,
  Delivery,
  HybridPeer,
  JoinOptions,
  Membership,
  OverlayAccess,
  OwnedOverlay,
  PeerNetwork,
} from "../../hybrid-peer/index.js";
import { UsageError } from "../output.js";
import { defined } from "../values.js";
import { shownData, shownPath } from "./hybrid-peer-shown.js";
import { treeOf } from "./hybrid-peer-tree.js";

/** What is asked for, under the names of HOMP: `overlay-id`, `title`, `access-key` … */
export type Wishes = Readonly<Record<string, unknown>>;

/** A hybrid peer that does things by name, one after the other, and remembers what came of them. */
export interface HybridPeerActor {
  /** @throws HybridPeerError, UsageError for an unknown action or a wish that makes no sense */
  perform(action: string, details?: Wishes): Promise<unknown>;
}

type Action = (wishes: Wishes) => Promise<unknown>;

/**
 * @param settings what holds for all actions that do not say otherwise
 * @param say told of what comes by itself: data that are received
 */
export function createActor(
  peer: HybridPeer,
  settings: Wishes = {},
  say: (event: object) => void = () => {},
): HybridPeerActor {
  let owned: OwnedOverlay | undefined;
  let membership: Membership | undefined;
  let access: OverlayAccess = "open";

  /** The one that is named, else the one that this peer created, else one found by the keywords. */
  const target = async (wishes: Wishes): Promise<JoinOptions> => {
    const how = defined({ accessKey: text(wishes, "access-key"), expires: number(wishes, "expires") });
    const overlayId = text(wishes, "overlay-id");
    const [type, subType] = [kind(wishes), shape(wishes)];
    if (overlayId !== undefined) return { overlayId, ...defined({ type, subType }), ...how };
    if (owned !== undefined) return { ...owned.overlay, ...how, ...keyOf(access) };
    const [title, description] = [text(wishes, "title"), text(wishes, "description")];
    const found = await peer.query(defined({ title, description }));
    const chosen = found.find((one) => one.title === title) ?? found[0];
    if (chosen === undefined) throw new UsageError("the HOMS knows no such overlay network");
    return { ...chosen, ...how };
  };
  const member = (): Membership => {
    if (membership === undefined) throw new UsageError("this peer has not joined yet");
    return membership;
  };
  const network = (): PeerNetwork => {
    const found = member().network;
    if (found === undefined) throw new UsageError('this peer has no paths to others: start it with "listen"');
    return found;
  };
  const ownership = (wishes: Wishes) => ({
    overlayId: needed(wishes, "overlay-id"),
    adminKey: needed(wishes, "admin-key"),
  });

  const actions: Readonly<Record<string, Action>> = {
    async create(wishes) {
      access = accessOf(wishes) ?? "open";
      owned = await peer.create(creation(wishes, access));
      return { "overlay-id": owned.overlay.overlayId, "admin-key": owned.adminKey };
    },
    async query(wishes) {
      const keywords = { overlayId: text(wishes, "overlay-id"), title: text(wishes, "title") };
      const found = await peer.query(defined({ ...keywords, description: text(wishes, "description") }));
      return { overlay: found.map(({ overlayId, ...more }) => ({ "overlay-id": overlayId, ...more })) };
    },
    async modify(wishes) {
      const given = accessOf(wishes);
      access = given ?? access;
      const changes = defined({
        title: text(wishes, "title"),
        description: text(wishes, "description"),
        expires: number(wishes, "overlay-expires"),
        access: given,
      });
      if (owned === undefined) await peer.modify(ownership(wishes), changes);
      else await owned.modify(changes);
    },
    async remove(wishes) {
      if (owned === undefined) await peer.remove(ownership(wishes));
      else await owned.remove();
    },
    async join(wishes) {
      membership = await peer.join(await target(wishes));
      const { overlay, ticketId, peers } = membership;
      return defined({ "overlay-id": overlay.overlayId, "ticket-id": ticketId, peers: peers.contacts });
    },
    async paths(wishes) {
      const { network } = member();
      if (network !== undefined && !["primary", "outgoing", "incoming"].some((name) => list(wishes, name))) {
        return { paths: network.paths().map(shownPath), statistics: network.statistics() };
      }
      const [primary, outgoing, incoming] = ["primary", "outgoing", "incoming"].map((name) => list(wishes, name) ?? []);
      member().report({ primary: primary ?? [], outgoing: outgoing ?? [], incoming: incoming ?? [] });
      return undefined;
    },
    async "lose-paths"() {
      member().report({ primary: [], outgoing: [], incoming: [] });
    },
    async attach(wishes) {
      peer.attach([needed(wishes, "application")]);
    },
    async recover() {
      member().recover();
    },
    async leave() {
      await member().leave();
    },
    async connected(wishes) {
      return { connected: await network().connected({ timeoutMs: number(wishes, "timeout-ms") ?? 10_000 }) };
    },
    async send(wishes) {
      const payload = payloadOf(wishes);
      const payloadType = text(wishes, "payload-type");
      const sequence = network()
        .application(text(wishes, "app-id") ?? "")
        .send(payload, defined({ payloadType }));
      return { sequence };
    },
    async receive(wishes) {
      const appId = text(wishes, "app-id");
      const tell = (delivery: Delivery) => say({ event: "data", ...shownData(delivery) });
      if (appId === undefined) network().onData(tell);
      else network().application(appId).onData(tell);
    },
    async scan(wishes) {
      const leaves = await network().scan({ timeoutMs: number(wishes, "timeout-ms") ?? 5000 });
      const { ticketId } = member();
      return treeOf({ peerId: peer.peerId, address: peer.address, ticketId: Number(ticketId) }, leaves);
    },
    async flush(wishes) {
      return { flushed: await network().flushed({ timeoutMs: number(wishes, "timeout-ms") ?? 10_000 }) };
    },
  };
  return {
    async perform(name, details = {}) {
      const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
      if (action === undefined) {
        throw new UsageError(`there is no action ${name}; there are ${Object.keys(actions).join(", ")}`);
      }
      // What an action is told of its own replaces what holds for all.
      return await action({ ...settings, ...details });
    },
  };
}

function creation(wishes: Wishes, access: OverlayAccess): CreateOptions {
  const policy = wishes["cr-policy"] as Required<NonNullable<CreateOptions["crPolicy"]>> | undefined;
  return {
    title: text(wishes, "title") ?? "overlay network",
    ...defined({
      description: text(wishes, "description"),
      type: kind(wishes),
      subType: shape(wishes),
      expires: number(wishes, "overlay-expires"),
      heartbeatInterval: number(wishes, "heartbeat-interval"),
      heartbeatTimeout: number(wishes, "heartbeat-timeout"),
      adminKey: text(wishes, "admin-key"),
      crPolicy: policy,
    }),
    access,
  };
}

/** Undefined where nothing is said of it. */
function accessOf(wishes: Wishes): OverlayAccess | undefined {
  const [accessKey, peerlist] = [text(wishes, "access-key"), list(wishes, "peerlist")];
  if (accessKey !== undefined) return { accessKey, ...(peerlist !== undefined && { peerlist }) };
  return peerlist === undefined ? undefined : { peerlist };
}

/** `text`, or octets as `base64`. */
function payloadOf(wishes: Wishes): string | Uint8Array {
  if (typeof wishes.text === "string") return wishes.text;
  if (typeof wishes.base64 === "string") return Buffer.from(wishes.base64, "base64");
  throw new UsageError("text or base64 is missing");
}

const keyOf = (access: OverlayAccess) =>
  access !== "open" && access.accessKey !== undefined ? { accessKey: access.accessKey } : {};

function text(wishes: Wishes, name: string): string | undefined {
  const value = wishes[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function needed(wishes: Wishes, name: string): string {
  const value = text(wishes, name);
  if (value === undefined) throw new UsageError(`${name} is missing`);
  return value;
}

function number(wishes: Wishes, name: string): number | undefined {
  const value = wishes[name];
  if (value === undefined || value === "") return undefined;
  const found = Number(value);
  if (!Number.isFinite(found)) throw new UsageError(`${name} is no number`);
  return found;
}

function list(wishes: Wishes, name: string): string[] | undefined {
  const value = wishes[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : undefined;
}

function kind(wishes: Wishes): "core" | "sub" | undefined {
  return wishes.type === "core" || wishes.type === "sub" ? wishes.type : undefined;
}

function shape(wishes: Wishes): "tree" | "mesh" | undefined {
  return wishes["sub-type"] === "tree" || wishes["sub-type"] === "mesh" ? wishes["sub-type"] : undefined;
}
