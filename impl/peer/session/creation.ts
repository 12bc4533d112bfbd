import type { OverlayCreation, OverlayNetwork } from "../../../generated/oms/index.js";
import type { PeerContext } from "../context.js";
import type { Descriptor } from "../core/message.js";
import { defaultSwarmSettings } from "../core/settings.js";
import { PeerError } from "../errors.js";
import type { FragmentStore } from "../storage/fragment-store.js";
import { openSharedFile } from "../storage/shared-file.js";
import type { CreateSessionOptions, IndexFile } from "../types.js";
import { describeFile, type Whole } from "./producer.js";

/** A file that is there already. */
export interface Content {
  readonly store: FragmentStore;
  readonly whole: Whole;
  readonly items: readonly Descriptor[];
}

/** @throws PeerError; Error of the system */
export async function openContent(
  { content, contentType, fragmentSize }: CreateSessionOptions,
  onChanged: (error: Error) => void,
): Promise<Content | undefined> {
  if (content?.path === undefined) return undefined;
  if (contentType !== "FILE") throw new PeerError("ERR_OPTIONS", "content.path is for a FILE");
  const store = await openSharedFile(content.path, fragmentSize, onChanged);
  try {
    const fragments = Math.ceil(store.size / fragmentSize);
    const { maxFragments } = defaultSwarmSettings;
    if (fragments > maxFragments) {
      const detail = `${store.size} octets are ${fragments} fragments, peers take up to ${maxFragments}`;
      throw new PeerError("ERR_OPTIONS", `fragmentSize ${fragmentSize} is too small: ${detail}`);
    }
    return { store, ...(await describeFile(store.content(store.size), fragmentSize)) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

export function creationOf({ peerId, key, transport }: PeerContext, options: CreateSessionOptions): OverlayCreation {
  const { title, description, contentType, fragmentSize, dataSourceId, dataId, format, closed } = options;
  return {
    title,
    description,
    content_type: contentType,
    fragment_size: fragmentSize,
    data_source_id: dataSourceId,
    data_id: dataId,
    format: format ?? "octets",
    source_peer: {
      peer_id: peerId,
      public_key: key.publicKey,
      addresses: [...transport.addresses],
      role: "source-peer",
    },
    ...(options.refreshExpiration !== undefined && { refresh_expiration: options.refreshExpiration }),
    ...(closed !== undefined && {
      closed: {
        ...(closed.peers !== undefined && { peer_id: [...closed.peers] }),
        ...(closed.password !== undefined && { password: closed.password }),
      },
    }),
    ...(options.serviceClasses !== undefined && { service_classes: options.serviceClasses }),
    ...(options.csResources !== undefined && { cs_resources: { ...options.csResources } }),
    ...(options.umsSession !== undefined && { ums_session: options.umsSession }),
  };
}

export function indexFileOf(
  { peerId, key }: PeerContext,
  options: CreateSessionOptions,
  network: OverlayNetwork,
  whole: Whole | undefined,
): IndexFile {
  const { content } = options;
  return {
    version: 1,
    title: options.title,
    oms_url: options.oms,
    overlay_network_id: network.overlay_network_id,
    data_source_id: options.dataSourceId,
    data_id: options.dataId,
    fragment_size: options.fragmentSize,
    description: options.description,
    content_type: options.contentType,
    format: options.format ?? "octets",
    source_peer_id: peerId,
    source_public_key: key.publicKey,
    content_size: whole?.size ?? content?.size,
    content_digest: whole?.digest ?? content?.digest,
    number_of_fragments:
      whole?.fragments ?? (content?.size === undefined ? undefined : Math.ceil(content.size / options.fragmentSize)),
    ...(options.closed !== undefined && { closed: true }),
  };
}
