import type { OmsHandlers } from "../../generated/oms/server.js";
import type { CacheServer, OverlayNetworkFacts } from "../../generated/oms/types.js";
import { bearerOf, type Tokens } from "../keys/bearer.js";
import type { Logger } from "../net/logger.js";
import { originOf } from "../net/origin.js";
import { serverUrlFault } from "../net/server-url.js";
import type { Store } from "../store/store.js";
import type { Activity } from "./activity.js";
import type { Resources } from "./cache-servers/resources.js";
import type { OmsCore } from "./core.js";
import type { ProviderIdentity } from "./identity.js";
import type { Member, Overlay } from "./overlay.js";
import type { PeerLists } from "./peer-lists.js";
import { isRefusal, refuse, unauthorized, unknownOverlay } from "./refusal.js";
import type { AccessRights } from "./rights.js";

export interface HandlerParts {
  readonly core: OmsCore;
  readonly identity: ProviderIdentity;
  readonly activity: Activity | undefined;
  readonly lists: PeerLists;
  readonly rights: AccessRights;
  readonly resources: Resources;
  readonly store: Store;
  readonly logger: Logger;
  /** What peers are told. */
  readonly unisUrl: string | undefined;
  signallingUrl(): string | undefined;
  readonly operators: Tokens;
  /** Those whom the operator lets make overlay networks without quotas. */
  readonly creators: Tokens;
}

interface Context {
  readonly headers: { readonly authorization?: string | undefined };
  readonly remoteAddress?: string;
}

/**
 * The operations of R5. Creation, join, leave, removal and what operators say are answered when they are on disk; refreshes at once,
 * their changes following within the store's soft window.
 */
export function createHandlers(parts: HandlerParts): OmsHandlers {
  const { core, identity, activity, lists, rights, resources, store, logger, unisUrl, operators, creators } = parts;

  const written = async (undo?: () => void): Promise<boolean> => {
    try {
      await store.commit();
      return true;
    } catch (error) {
      undo?.();
      logger.error({ err: error }, "the store failed: a change was not acknowledged");
      return false;
    }
  };
  /** Where else members turn to. */
  const elsewhere = (overlay: Overlay) => {
    const pamsUrl = activity?.urlOf(overlay);
    const signallingUrl = parts.signallingUrl();
    return {
      ...(pamsUrl === undefined ? {} : { pams_url: pamsUrl }),
      ...(unisUrl === undefined ? {} : { unis_url: unisUrl }),
      ...(signallingUrl === undefined ? {} : { signalling_url: signallingUrl }),
    };
  };
  const keyOf = (member: Member) => {
    const key = identity.sessionKey(member);
    return key === undefined ? {} : { session_key: key };
  };
  const isAdmin = ({ headers }: Context): boolean => operators.admits(headers.authorization);
  /** The overlay network, for its owner or an operator. */
  const managed = (id: string, context: Context) => {
    if (!isAdmin(context)) return core.owned(id, bearerOf(context.headers.authorization));
    return core.overlay(id) ?? unknownOverlay();
  };

  return {
    async OMS_OVERLAY_CREATE({ body: { overlay_creation: wanted } }, context) {
      const trusted = isAdmin(context) || creators.admits(context.headers.authorization);
      const created = core.create(wanted, { trusted, origin: originOf(context.remoteAddress ?? "") });
      if (isRefusal(created)) return created;
      const { overlay, source, token } = created;
      if (!(await written(() => core.undoOverlay(overlay)))) return unwritten();
      resources.track(overlay);
      await activity?.register(overlay);
      logger.info({ overlay: overlay.id, source: source.peerId }, "overlay network created");
      const overlay_network = {
        overlay_network_id: overlay.id,
        owner_token: token,
        refresh_expiration: periodOf(overlay),
        session_key: identity.sessionKey(source) ?? "",
        provider_public_key: identity.publicKey,
        ...elsewhere(overlay),
      };
      return { status: 200, body: { overlay_network } };
    },

    OMS_OVERLAY_QUERY({ params: { NID } }) {
      const overlay = core.overlay(NID);
      if (overlay === undefined) return unknownOverlay();
      const { title, contentType, fragmentSize, closed, sourceId, sourceKey } = overlay.record;
      const overlay_network: OverlayNetworkFacts = {
        overlay_network_id: overlay.id,
        ...(title === undefined ? {} : { title }),
        content_type: contentType,
        fragment_size: fragmentSize,
        closed: closed !== null,
        source_peer_id: sourceId,
        source_public_key: sourceKey,
        refresh_expiration: periodOf(overlay),
        ...(closed === null ? { number_of_peers: overlay.members.size } : {}),
        provider_public_key: identity.publicKey,
        ...elsewhere(overlay),
      };
      return { status: 200, body: { overlay_network } };
    },

    OMS_OVERLAY_REFRESH({ params: { NID } }, context) {
      const overlay = core.owned(NID, bearerOf(context.headers.authorization));
      if (isRefusal(overlay)) return overlay;
      const renewed = core.refresh(overlay);
      const key = renewed && overlay.source !== undefined ? keyOf(overlay.source) : {};
      return { status: 200, body: { refresh_expiration: overlay.record.period, ...key, ...elsewhere(overlay) } };
    },

    async OMS_OVERLAY_REMOVE({ params: { NID } }, context) {
      const overlay = core.owned(NID, bearerOf(context.headers.authorization));
      if (isRefusal(overlay)) return overlay;
      core.remove(overlay);
      logger.info({ overlay: overlay.id }, "overlay network removed");
      return (await written()) ? { status: 200 } : unwritten();
    },

    async OMS_JOIN({ params: { NID }, body: { join } }) {
      const isOwn = (overlay: Overlay, password: string | undefined) => resources.isOwn(overlay, password);
      const question = { userId: join.user_id, credential: join.user_credential, peerId: join.peer_id };
      let admission = core.admit(NID, join, isOwn);
      if (isRefusal(admission)) {
        // Whether a peer is in is for those to know who might be.
        const asked = admission.status === 409 ? core.overlay(NID) : undefined;
        if (asked === undefined) return admission;
        const may = await rights.check(question, asked.record.umsSession);
        return isRefusal(may) ? core.refusedByUms(may, asked, join) : admission;
      }
      const { umsSession } = admission.overlay.record;
      const exempt = admission.own || admission.rejoins?.isSource === true;
      const granted = await rights.check(question, exempt ? null : umsSession);
      if (isRefusal(granted)) return exempt ? granted : core.refusedByUms(granted, admission.overlay, join);
      // Much may have happened while the UMS was asked.
      if (umsSession !== null) admission = core.admit(NID, join, isOwn);
      if (isRefusal(admission)) return admission;
      const { member, token } = core.enter(admission, join, granted);
      const fresh = admission.rejoins === undefined;
      if (!(await written(() => fresh && core.undoJoin(member)))) return unwritten();
      const { max_peer_num } = join;
      const list = await lists.compose(member, max_peer_num === undefined ? {} : { max_peer_num });
      const membership = {
        overlay_network_id: NID,
        peer_token: token,
        ...keyOf(member),
        provider_public_key: identity.publicKey,
        expires: core.secondsLeft(member),
        ...elsewhere(member.overlay),
        ...list,
      };
      return { status: 200, body: { membership } };
    },

    async OMS_MEMBERSHIP_REFRESH({ params: { NID, PID }, body: { membership } }, context) {
      const member = core.member(NID, PID, bearerOf(context.headers.authorization));
      if (isRefusal(member)) return member;
      const { overlay, record } = member;
      if (core.mustAskAgain(member)) {
        const credential = membership.user_credential ?? member.credential;
        const question = { userId: record.userId, credential, peerId: PID };
        const granted = await rights.check(question, overlay.record.umsSession);
        if (!isRefusal(granted)) {
          core.grant(member, granted);
          member.credential = credential;
        } else if (granted.status === 403) {
          core.expel(member);
          return granted;
        }
        // No answer: what was granted holds until it ends, and with it the membership [8.7 b].
      }
      // It may have ended, or left, while the UMS was asked.
      const still = core.member(NID, PID, bearerOf(context.headers.authorization));
      if (isRefusal(still)) return still;
      const renewed = core.keep(still, membership);
      if (membership.addresses !== undefined && !(await written())) return unwritten();
      const body = { expires: core.secondsLeft(still), ...(renewed ? keyOf(still) : {}), ...elsewhere(overlay) };
      return { status: 200, body };
    },

    async OMS_LEAVE({ params: { NID, PID } }, context) {
      const member = core.member(NID, PID, bearerOf(context.headers.authorization));
      if (isRefusal(member)) return member;
      const refusal = core.leave(member);
      if (refusal !== undefined) return refusal;
      return (await written()) ? { status: 200 } : unwritten();
    },

    async OMS_PEER_LIST({ params: { NID, PID }, body: { peer_list_request: request } }, context) {
      const member = core.member(NID, PID, bearerOf(context.headers.authorization));
      if (isRefusal(member)) return member;
      const { fragment_range: range } = request;
      if (range !== undefined && range.end_fragment_id < range.start_fragment_id) {
        const pointer = "/peer_list_request/fragment_range/end_fragment_id";
        return refuse(400, "X.609.1 9.1.6", pointer, "the range ends before it starts");
      }
      return { status: 200, body: await lists.compose(member, request) };
    },

    OMS_RESOURCES_QUERY({ params: { NID } }, context) {
      const overlay = managed(NID, context);
      if (isRefusal(overlay)) return overlay;
      return { status: 200, body: { allocations: resources.allocationsOf(overlay) } };
    },

    async OMS_RESOURCES({ params: { NID }, body: { cs_resources: wanted } }, context) {
      const overlay = managed(NID, context);
      if (isRefusal(overlay)) return overlay;
      core.setResources(overlay, wanted, isAdmin(context));
      resources.track(overlay);
      if (!(await written())) return unwritten();
      return { status: 200, body: { allocations: resources.allocationsOf(overlay) } };
    },

    async OMS_CACHE_SERVER_REGISTER({ body: { cache_server: server } }, context) {
      if (!isAdmin(context)) return unauthorized("this takes the operator's token", "8.8");
      const { servers } = resources.directory;
      const fault = serverUrlFault(server.url);
      if (fault !== undefined) return refuse(400, "8.8", "/cache_server/url", fault);
      if (!servers.has(server.cs_id) && servers.size >= core.limits.cacheServers) {
        return refuse(503, "8.8", "", "this OMS commands no more cache servers");
      }
      resources.directory.register(server.cs_id, recordOf(server));
      return (await written()) ? { status: 200 } : unwritten();
    },

    async OMS_CACHE_SERVER_REMOVE({ params: { CSID } }, context) {
      if (!isAdmin(context)) return unauthorized("this takes the operator's token", "8.8");
      const server = resources.directory.servers.get(CSID);
      if (server === undefined) return refuse(404, "8.8", "CSID", "there is no such cache server");
      resources.dismiss(server);
      return (await written()) ? { status: 200 } : unwritten();
    },
  };
}

/** Seconds until it ends, counted from its creation or its last refresh. */
const periodOf = ({ record }: Overlay): number => record.firstPeriod ?? record.period;

function recordOf({ url, capacity, access_token }: CacheServer) {
  return { url, capacity, ...(access_token === undefined ? {} : { accessToken: access_token }) };
}

const unwritten = () => refuse(503, "8.5", "", "the OMS cannot write to its store: it may have happened, or not");
